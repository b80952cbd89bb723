// What the pages call the records of identity and of governance.
import type { GrantResource, RoleResource, TokenResource, UserResource, WorkspaceResource } from "./records";

export type { AccessLevel, AuditEvent, AuditReport, GrantKind } from "./records";

export type Grant = GrantResource;
export type Role = RoleResource;
export type Token = TokenResource;
export type User = UserResource;
export type Workspace = WorkspaceResource;
