/** Messages as plain records, and messages outside of all queues from such records. */
import type { Hex, IngressId, MethodName, Nanoseconds, UserId } from "../spec/index.ts";
import {
  requestOf,
  responseOf,
  type IngressMessage,
  type ManagementRequest,
  type Message,
  type Request,
  type Response,
  type UserRequest,
} from "./messages.ts";

export interface WrittenIngress {
  readonly id: IngressId;
  readonly sender: UserId;
  readonly method: MethodName;
  readonly payload: Hex;
  readonly expiry: Nanoseconds;
}

type Told<M extends Message, Field extends keyof M> = Pick<M, Field>;
export type WrittenRequest = Told<Request, "kind" | "origin" | "callee" | "method" | "payload" | "attached" | "deadline" | "expiry">;
export type WrittenResponse = Told<Response, "kind" | "caller" | "callback" | "result" | "refund" | "deadline">;
/** What the management canister is asked. */
export type WrittenManagementRequest = WrittenRequest | UserRequest;
export type WrittenMessage = WrittenRequest | WrittenResponse;

export const writtenIngress = ({ origin, sender, method, payload, expiry }: IngressMessage): WrittenIngress => ({
  id: origin.ingress,
  sender,
  method,
  payload,
  expiry,
});

export const writtenMessage = (message: Message): WrittenMessage =>
  message.kind === "request" ? writtenRequest(message) : writtenResponse(message);

export const writtenRequest = ({ kind, origin, callee, method, payload, attached, deadline, expiry }: Request): WrittenRequest => ({
  kind,
  origin,
  callee,
  method,
  payload,
  attached,
  deadline,
  expiry,
});

export const writtenManagementRequest = (request: ManagementRequest): WrittenManagementRequest =>
  request.kind === "user" ? request : writtenRequest(request);

export const readManagementRequest = (request: WrittenManagementRequest): ManagementRequest =>
  request.kind === "user" ? request : readRequest(request);

export const readMessage = (message: WrittenMessage): Message =>
  message.kind === "request" ? readRequest(message) : readResponse(message);

export const readRequest = ({ origin, callee, method, payload, attached, deadline, expiry }: WrittenRequest): Request =>
  requestOf(origin, callee, method, payload, attached, deadline, expiry);

export const readResponse = ({ caller, callback, result, refund, deadline }: WrittenResponse): Response =>
  responseOf(caller, callback, result, refund, deadline);

const writtenResponse = ({ kind, caller, callback, result, refund, deadline }: Response): WrittenResponse => ({
  kind,
  caller,
  callback,
  result,
  refund,
  deadline,
});
