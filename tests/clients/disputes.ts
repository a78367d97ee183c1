// A typed client over grpc-web, generated from the contract: logs a dispute, routes it, concludes it, and reads it in the report.
//
// Usage: node built/disputes.js http://HOST:PORT. Prints "ok" at the end, exits 1 on any surprise.

import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-node";
import { randomUUID } from "node:crypto";
import { CaseState, Force } from "./gen/fengqiao/mediation/v1/case_pb.js";
import { MediationService } from "./gen/fengqiao/mediation/v1/service_pb.js";
import { ReportingService } from "./gen/fengqiao/reporting/v1/service_pb.js";

const baseUrl = process.argv[2];
if (baseUrl === undefined) {
  throw new Error("usage: disputes.js URL");
}
const transport = createGrpcWebTransport({ baseUrl, httpVersion: "1.1" });
const mediation = createClient(MediationService, transport);
const reporting = createClient(ReportingService, transport);
const headers = { "x-fengqiao-actor": "typescript-client" };

function expect(holds: boolean, otherwise: string): asserts holds {
  if (!holds) {
    console.error(otherwise);
    process.exit(1);
  }
}

const mark = randomUUID().slice(0, 8);
const code = `ROOM-${mark}`;
await mediation.registerBody(
  {
    requestId: randomUUID(),
    body: { code, name: "某村调委会", force: Force.PEOPLE, kind: "committee", divisionCode: "320831107", capacity: 5 },
  },
  { headers },
);

const opened = await mediation.openCase(
  {
    requestId: randomUUID(),
    dispute: {
      disputeType: "T02",
      source: "applied",
      divisionCode: "320831107",
      title: "院墙排水",
      narrative: "雨水流入邻家。",
      parties: [
        { name: "甲", side: "applicant" },
        { name: "乙", side: "respondent" },
      ],
      applicantConsents: true,
      respondentConsents: true,
    },
  },
  { headers },
);
const caseId = opened.case?.facts?.caseId ?? "";
expect(caseId !== "", "the case has no id");

const proposed = await mediation.proposeRoute({ caseId }, { headers });
expect(
  proposed.decision?.candidates.some((candidate) => candidate.body === code) === true,
  `the only committee is not proposed: ${JSON.stringify(proposed.decision?.candidates.map((c) => c.body))}`,
);
const first = proposed.decision.candidates[0]?.body ?? "";
const dispatched = await mediation.dispatchCase(
  {
    requestId: randomUUID(),
    caseId,
    etag: opened.case?.etag,
    body: code,
    overrideReason: first === code ? "" : "case.knows_the_matter",
  },
  { headers },
);
const taken = await mediation.takeCase({ requestId: randomUUID(), caseId, etag: dispatched.case?.etag }, { headers });
expect(taken.case?.state === CaseState.ACCEPTED, `taken: ${taken.case?.state}`);

try {
  await mediation.takeCase({ requestId: randomUUID(), caseId, etag: dispatched.case?.etag }, { headers });
  expect(false, "a stale etag is taken");
} catch (error) {
  expect(error instanceof ConnectError && error.code === Code.Aborted, `a stale etag gets ${String(error)}`);
}

const concluded = await mediation.concludeCase(
  {
    requestId: randomUUID(),
    caseId,
    etag: taken.case?.etag,
    outcome: "agreed",
    agreementForm: "written",
    agreedFen: 123_450n,
  },
  { headers },
);
expect(concluded.case?.state === CaseState.AGREED, `concluded: ${concluded.case?.state}`);
const read = await mediation.getCase({ caseId }, { headers });
expect(read.case?.parties.length === 2 && read.case.history.length === 4, `read: ${read.case?.history.length} steps`);

// The figures follow: waits until they include what the history says.
const position = read.case.history.at(-1)?.position ?? 0n;
await reporting.getFreshness({ log: "mediation", position, waitMs: 30_000 }, { headers });
const year = Number((read.case.facts?.endedOn ?? "").slice(0, 4));
const report = await reporting.getAnnualReport({ year }, { headers });
const agreed = report.figures.find(
  (figure) => figure.id === "case.agreed" && figure.dims.some((dim) => dim.key === "body" && dim.member === code),
);
expect(agreed?.count === 1n, `the report says ${String(agreed?.count)}`);
console.log("ok");
