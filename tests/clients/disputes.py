"""A stock Python client: learns the mediation service through reflection, logs a dispute, routes it, concludes it, reads the report.

Usage: disputes.py HOST:PORT. Knows nothing of this project's files; prints "ok" at the end, exits 1 on any surprise.
"""

import sys
import uuid

import grpc
from google.protobuf import json_format, message_factory
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase


def expect(holds: bool, otherwise: str) -> None:
    if not holds:
        print(otherwise, file=sys.stderr)
        sys.exit(1)


def main(address: str) -> None:
    channel = grpc.insecure_channel(address)
    pool = DescriptorPool(ProtoReflectionDescriptorDatabase(channel))

    def service(name: str):
        descriptor = pool.FindServiceByName(name)

        def call(method: str, **body) -> dict:
            found = descriptor.FindMethodByName(method)
            request = json_format.ParseDict(body, message_factory.GetMessageClass(found.input_type)())
            invoke = channel.unary_unary(
                f"/{descriptor.full_name}/{method}",
                request_serializer=lambda message: message.SerializeToString(),
                response_deserializer=message_factory.GetMessageClass(found.output_type).FromString,
            )
            reply = invoke(request, timeout=40, metadata=[("x-fengqiao-actor", "python-client")])
            return json_format.MessageToDict(reply, preserving_proto_field_name=True)

        return call

    mediation, reporting = service("fengqiao.mediation.v1.MediationService"), service("fengqiao.reporting.v1.ReportingService")

    def new() -> str:
        return str(uuid.uuid4())

    code = f"ROOM-{uuid.uuid4().hex[:8]}"
    room = {"code": code, "name": "物业纠纷调委会", "force": "FORCE_INDUSTRY", "kind": "committee", "division_code": "320831"}
    mediation("RegisterBody", request_id=new(), body={**room, "specialities": ["T17"]})
    dispute = {
        "dispute_type": "T17",
        "source": "applied",
        "division_code": "320831001",
        "narrative": "电梯停运，业主拒交物业费。",
        "parties": [{"name": "甲", "side": "applicant"}, {"name": "乙", "side": "respondent"}],
        "applicant_consents": True,
        "respondent_consents": True,
    }
    logging = {"request_id": new(), "dispute": dispute}
    opened = mediation("OpenCase", **logging)["case"]
    expect(mediation("OpenCase", **logging)["case"] == opened, "the same request gives another answer")
    case = {"case_id": opened["facts"]["case_id"]}
    decision = mediation("ProposeRoute", **case)["decision"]
    expect(decision["rule"] and decision["inputs"] and code in [c["body"] for c in decision["candidates"]], f"proposed {decision}")
    etag = mediation("DispatchCase", request_id=new(), etag=opened["etag"], **case)["case"]["etag"]
    etag = mediation("TakeCase", request_id=new(), etag=etag, **case)["case"]["etag"]
    ended = {"outcome": "agreed", "agreement_form": "oral"}
    concluded = mediation("ConcludeCase", request_id=new(), etag=etag, **ended, **case)["case"]
    expect(concluded["state"] == "CASE_STATE_AGREED", f"concluded {concluded}")
    read = mediation("GetCase", **case)["case"]
    expect(read["narrative"] == dispute["narrative"] and read["routing"]["rule"] == decision["rule"], f"read {read}")

    reporting("GetFreshness", log="mediation", position=read["history"][-1]["position"], wait_ms=30_000)
    year = int(read["facts"]["ended_on"][:4])
    figures = reporting("GetAnnualReport", year=year)["figures"]
    body = [f for f in figures if f["id"] == "case.agreed" and f.get("dims") == [{"key": "body", "member": concluded["facts"]["body"]}]]
    expect(len(body) == 1 and int(body[0]["count"]) >= 1, f"the report says {body}")
    print("ok")


if __name__ == "__main__":
    main(sys.argv[1])
