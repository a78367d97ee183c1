//! Health and reflection.

use crate::probe::{NAME, request, start, start_with};
use fengqiao_service::{Identity, Tokens};
use tonic_health::pb::{health_check_response::ServingStatus, health_client::HealthClient};
use tonic_reflection::pb::{v1, v1alpha};

#[tokio::test]
async fn each_service_has_its_health() {
    // with tokens: probes have none
    let server = start_with(Identity::Tokens(Tokens::default()), |_| {}).await;
    let mut health = HealthClient::new(server.channel().await);
    for name in ["", NAME] {
        let answer = health.check(request(name)).await.unwrap().into_inner();
        assert_eq!(answer.status(), ServingStatus::Serving, "{name}");
    }
    assert_eq!(health.check(request("nobody")).await.unwrap_err().code(), tonic::Code::NotFound);

    let mut watch = health.watch(request(NAME)).await.unwrap().into_inner();
    assert_eq!(watch.message().await.unwrap().unwrap().status(), ServingStatus::Serving);
    server.stop.cancel();
    assert_eq!(watch.message().await.unwrap().unwrap().status(), ServingStatus::NotServing, "told before the end");
    assert_eq!(watch.message().await.unwrap_err().code(), tonic::Code::Unavailable);
    server.stopped().await;
}

#[tokio::test]
async fn reflection_speaks_both_versions() {
    let server = start().await;
    let channel = server.channel().await;

    let ask = v1::ServerReflectionRequest {
        message_request: Some(v1::server_reflection_request::MessageRequest::ListServices(String::new())),
        ..Default::default()
    };
    let mut client = v1::server_reflection_client::ServerReflectionClient::new(channel.clone());
    let mut answers = client.server_reflection_info(tokio_stream::once(ask)).await.unwrap().into_inner();
    let answer = answers.message().await.unwrap().unwrap().message_response.unwrap();
    let v1::server_reflection_response::MessageResponse::ListServicesResponse(list) = answer else { panic!("{answer:?}") };
    let names: Vec<String> = list.service.into_iter().map(|service| service.name).collect();
    assert!(names.contains(&NAME.to_owned()) && names.contains(&"grpc.health.v1.Health".to_owned()), "{names:?}");

    let ask = v1alpha::ServerReflectionRequest {
        message_request: Some(v1alpha::server_reflection_request::MessageRequest::FileContainingSymbol(
            "grpc.health.v1.Health".to_owned(),
        )),
        ..Default::default()
    };
    let mut client = v1alpha::server_reflection_client::ServerReflectionClient::new(channel);
    let mut answers = client.server_reflection_info(tokio_stream::once(ask)).await.unwrap().into_inner();
    let answer = answers.message().await.unwrap().unwrap().message_response.unwrap();
    assert!(matches!(answer, v1alpha::server_reflection_response::MessageResponse::FileDescriptorResponse(_)), "{answer:?}");
    drop(answers);
    server.stopped().await;
}

#[tokio::test]
async fn reflection_can_be_switched_off() {
    let server = start_with(Identity::development(), |settings| settings.reflection = false).await;
    let mut client = v1::server_reflection_client::ServerReflectionClient::new(server.channel().await);
    let refused = client.server_reflection_info(tokio_stream::pending()).await.unwrap_err();
    assert_eq!(refused.code(), tonic::Code::Unimplemented);
    server.stopped().await;
}
