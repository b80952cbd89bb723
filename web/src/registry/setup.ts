// What the registry brings to pages below it.
import { addRunAction } from "../tracking/slots";
import { RegisterAction } from "./RegisterAction";

addRunAction(RegisterAction);
