// A stock Node client over grpc-web: reads the descriptor set that `fengqiao contract` writes, logs, lists and looks up.
//
// Usage: node web.mjs http://HOST:PORT DESCRIPTOR_SET. Prints "ok" at the end, exits 1 on any surprise.

import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { Code, createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-node";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";

const [baseUrl, descriptors] = process.argv.slice(2);
const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(descriptors)));
const transport = createGrpcWebTransport({ baseUrl, httpVersion: "1.1" });
const intake = createClient(registry.getService("fengqiao.intake.v1.IntakeService"), transport);
const headers = { "x-fengqiao-actor": "node-client" };

function expect(holds, otherwise) {
  if (!holds) {
    console.error(otherwise);
    process.exit(1);
  }
}

const unit = `unit-${randomUUID().slice(0, 8)}`;
const logged = await intake.logPetition(
  {
    requestId: randomUUID(),
    petition: {
      channel: "online",
      matterClass: "appeal",
      divisionCode: "320831001",
      title: "反映路灯不亮",
      parties: [{ name: "李四" }],
      responsibleUnit: unit,
    },
  },
  { headers },
);
const { number } = logged.petition;
const listed = await intake.listPetitions({ responsibleUnit: unit }, { headers });
expect(listed.petitions.length === 1 && listed.petitions[0].number === number, `listed ${listed.petitions.length}`);
const status = await intake.lookUpStatus({ number, queryCode: logged.queryCodes[0] }, { headers });
expect(status.stateText === "已登记", `looked up ${status.stateText}`);
try {
  await intake.lookUpStatus({ number, queryCode: "0000-0000-00000" }, { headers });
  expect(false, "a wrong code is answered");
} catch (error) {
  expect(error.code === Code.NotFound, `a wrong code gets ${error}`);
}

// Health over grpc-web without any library: one length-prefixed message each way (9 bytes of frame and enum).
const health = await fetch(`${baseUrl}/grpc.health.v1.Health/Check`, {
  method: "POST",
  headers: { "content-type": "application/grpc-web+proto", "x-grpc-web": "1" },
  body: new Uint8Array([0, 0, 0, 0, 0]),
});
const bytes = new Uint8Array(await health.arrayBuffer());
expect(health.status === 200 && bytes[5] === 8 && bytes[6] === 1, `health says ${[...bytes]}`);
console.log("ok");
