import { expect, it } from "vitest";
import { addressOf, previewOf, readTable } from "./artifacts";

it("the name says how a file can be looked at", () => {
  expect(["a/b.PNG", "report.html", "m.csv", "MLmodel", "model.pkl", "README.md", "x.json"].map(previewOf)).toEqual([
    "image",
    "html",
    "table",
    "text",
    "none",
    "markdown",
    "json",
  ]);
});

it("any name can be asked for", () => {
  expect(addressOf("r", "ü &?#/x.txt")).toBe("/get-artifact?run_uuid=r&path=%C3%BC%20%26%3F%23%2Fx.txt");
});

it("tables keep what stands in quotes together", () => {
  expect(readTable('a,"b, ""c"""\r\n1,"two\nlines"\n3,', ",", 10)).toEqual([
    ["a", 'b, "c"'],
    ["1", "two\nlines"],
    ["3", ""],
  ]);
});

it("tables end where enough was read", () => {
  expect(readTable("1\n2\n3\n", ",", 2)).toEqual([["1"], ["2"]]);
});
