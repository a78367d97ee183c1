"""A stock Python client: learns the services through reflection, asks health, logs, lists and looks up.

Usage: reflect.py HOST:PORT. Knows nothing of this project's files; prints "ok" at the end, exits 1 on any surprise.
"""

import sys
import uuid

import grpc
from google.protobuf import json_format, message_factory
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase


def main(address: str) -> None:
    channel = grpc.insecure_channel(address)
    reflection = ProtoReflectionDescriptorDatabase(channel)
    services = set(reflection.get_services())
    expect("fengqiao.intake.v1.IntakeService" in services, f"reflection lists {services}")
    pool = DescriptorPool(reflection)

    health = health_pb2_grpc.HealthStub(channel)
    for service in ["", *sorted(s for s in services if s.startswith("fengqiao."))]:
        status = health.Check(health_pb2.HealthCheckRequest(service=service)).status
        expect(status == health_pb2.HealthCheckResponse.SERVING, f"health of {service!r} is {status}")
    try:
        health.Check(health_pb2.HealthCheckRequest(service="no.such.Service"))
        expect(False, "health knows a service that does not exist")
    except grpc.RpcError as error:
        expect(error.code() == grpc.StatusCode.NOT_FOUND, f"unknown service gives {error.code()}")

    descriptor = pool.FindServiceByName("fengqiao.intake.v1.IntakeService")

    def call(method: str, body: dict) -> dict:
        found = descriptor.FindMethodByName(method)
        request = json_format.ParseDict(body, message_factory.GetMessageClass(found.input_type)())
        invoke = channel.unary_unary(
            f"/{descriptor.full_name}/{method}",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=message_factory.GetMessageClass(found.output_type).FromString,
        )
        reply = invoke(request, timeout=10, metadata=[("x-fengqiao-actor", "python-client")])
        return json_format.MessageToDict(reply, preserving_proto_field_name=True)

    mark = uuid.uuid4().hex[:12]
    petition = {
        "channel": "visit",
        "matter_class": "appeal",
        "division_code": "320831101",
        "title": "反映村道破损",
        "narrative": "下雨即积水，影响通行。",
        "parties": [{"name": "张三"}],
        "responsible_unit": f"unit-{mark}",
    }
    request = {"request_id": str(uuid.uuid4()), "petition": petition}
    logged = call("LogPetition", request)
    expect(call("LogPetition", request) == logged, "the same request gives another answer")
    number, code = logged["petition"]["number"], logged["query_codes"][0]
    listed = call("ListPetitions", {"responsible_unit": f"unit-{mark}"})
    expect([p["number"] for p in listed["petitions"]] == [number], f"listed {listed}")
    expect("title" not in listed["petitions"][0], "a list shows what is sealed")
    status = call("LookUpStatus", {"number": number, "query_code": code})
    expect(status["state"] == "PETITION_STATE_REGISTERED", f"looked up {status}")
    answers = set()
    for wrong in [{"number": number, "query_code": "0000-0000-00000"}, {"number": "no-such-number", "query_code": code}]:
        try:
            call("LookUpStatus", wrong)
            expect(False, f"{wrong} is answered")
        except grpc.RpcError as error:
            details = dict(error.trailing_metadata()).get("grpc-status-details-bin")
            answers.add((error.code(), error.details(), details))
    expect(len(answers) == 1, f"wrong codes learn something: {answers}")
    expect(next(iter(answers))[0] == grpc.StatusCode.NOT_FOUND, f"wrong codes get {answers}")
    print("ok")


def expect(holds: bool, otherwise: str) -> None:
    if not holds:
        print(otherwise, file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1])
