//! Personal data leave no trace outside the sealed part: canaries go in as names, numbers, addresses, titles and free texts,
//! live and by import, in good requests and in bad ones; then every byte of the databases, everything the server logged at its
//! most talkative, and the raw bytes of the feed are searched for them. What may be there is found, so the search works.
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use fengqiao_proto::{
    feed::v1::{FollowRequest, FollowResponse},
    intake::v1::{GetPetitionRequest, LookUpStatusRequest, NewPetition, Party},
    mediation::v1 as mediation,
};
use fengqiao_tests::{Desk, Room, World, contains, dispute, ledger::HEADER, named, on_each_engine, petition, request_id};
use prost::{
    Message,
    bytes::{Buf, BufMut},
};
use tonic::{
    Request, Status,
    client::Grpc,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
    codegen::http::uri::PathAndQuery,
    transport::Endpoint,
};

/// Each is nowhere to be found.
const SECRET: [&str; 22] = [
    "金丝雀名",
    "13912345678",
    "320831197001019999",
    "金丝雀街七号",
    "金丝雀标题",
    "金丝雀叙述",
    "金丝雀延期",
    "金丝雀意见",
    "金丝雀拒绝",
    "金丝雀撤回",
    "金丝雀作废",
    "台账雀名",
    "台账雀题",
    "台账雀述",
    "坏雀",
    "0000-CANA-RYXXX",
    "金丝雀检举",
    "金丝雀当事人",
    "金丝雀纠纷",
    "金丝雀协议",
    "金丝雀对方",
    "台账雀纠纷",
];
/// What stands in the open: without a trace of it the search would prove nothing.
const OPEN: &str = "公开标记";

fn secret(reference: &str) -> NewPetition {
    let [name, phone, identity_number, address, title, narrative, ..] = SECRET.map(str::to_owned);
    NewPetition {
        title,
        narrative: format!("{narrative}\n住{address}"),
        parties: vec![Party { name, phone, identity_number, address, ..Party::default() }],
        category: OPEN.to_owned(),
        ..petition("", reference)
    }
}

on_each_engine! {
    async fn what_is_personal_is_nowhere_in_the_open(world: &World) {
        let place = world.place();
        let server = world.serve_on(place).env("FENGQIAO_LOG", "trace,h2=info").start().await;
        let mut desk = Desk::at(&server.url());
        live(world, &server.url(), &mut desk).await;
        import(world, &server.url()).await;
        cases(world, &server.url()).await;
        bad(world, &server.url(), &mut desk).await;

        // It is there for who may read it.
        let shown = desk.find("雀1").await.unwrap();
        assert_eq!((shown.parties[0].name.as_str(), shown.title.as_str()), (SECRET[0], SECRET[4]));
        let head = place.head().await;
        let mut feed = raw_feed(&server.url(), "intake", head).await;
        feed.extend(raw_feed(&server.url(), "mediation", place.head_of("mediation").await).await);
        assert!(contains(&feed, OPEN.as_bytes()), "the feed has not even what is open, in {} bytes", feed.len());
        fengqiao_tests::eventually("the figures follow", fengqiao_tests::SOON, async || {
            let (head, at) = (place.head().await, place.followed().await);
            if at == head { Ok(()) } else { Err(at) }
        })
        .await;
        // Once while it runs, where the write-ahead log may hold what the files do not yet, and once after.
        let mut everything = place.bytes().await;
        let log = server.log();
        server.stop().await;
        everything.extend(place.bytes().await);
        assert!(everything.iter().any(|(_, bytes)| contains(bytes, OPEN.as_bytes())), "not even what is open is found");
        assert!(log.lines().count() > 100 && log.contains("LogPetition"), "the log says next to nothing:\n{log}");
        everything.push(("the server's log".to_owned(), log.into_bytes()));
        everything.push(("the feed".to_owned(), feed));

        let mut found = Vec::new();
        for (name, bytes) in &everything {
            found.extend(SECRET.iter().filter(|text| contains(bytes, text.as_bytes())).map(|text| format!("{text} in {name}")));
        }
        found.dedup();
        assert!(found.is_empty(), "{}", found.join("\n"));
        world.verify(place).await.done();
    }
}

/// Every call that takes free text.
async fn live(world: &World, server: &str, desk: &mut Desk) {
    let mut numbers = Vec::new();
    for n in 0..6 {
        numbers.push(desk.logged(secret(&format!("雀{n}"))).await.0.number);
    }
    let allegation = NewPetition { matter_class: "allegation".to_owned(), title: SECRET[16].to_owned(), ..secret("雀9") };
    desk.logged(allegation).await;
    let [refused, withdrawn, voided, handled, ..] = numbers.as_slice() else { panic!("six were logged") };
    let changes: [Vec<&str>; 6] = [
        vec!["refuse", refused, "--reason", "petition.R01", "--text", SECRET[8]],
        vec!["withdraw", withdrawn, "--reason", "petition.withdrawn_own_wish", "--text", SECRET[9]],
        vec!["void", voided, "--reason", "petition.void_error", "--text", SECRET[10], "--approved-by", "li.si"],
        vec!["accept", handled],
        vec!["extend", "request", handled, "--days", "10", "--text", SECRET[6]],
        vec!["opinion", handled, "--document", "枫信〔2026〕1号", "--text", SECRET[7]],
    ];
    for change in changes {
        world.run(server, [vec!["petition"], change].concat()).await.done();
    }
    let history = world.run(server, ["petition", "show", refused]).await.done();
    assert!(history.stdout.contains(SECRET[8]), "the text of a step is there for who may read it: {history}");
}

/// Disputes: logged at a desk, routed by the petition office, from a ledger; every call that takes free text.
async fn cases(world: &World, server: &str) {
    let mut room = Room::at(server);
    room.body(OPEN, mediation::Force::People, "320831101", &[], 0).await;
    let party = |name: &str, side: &str| mediation::Party {
        name: name.to_owned(),
        phone: SECRET[1].to_owned(),
        identity_number: SECRET[2].to_owned(),
        address: SECRET[3].to_owned(),
        side: side.to_owned(),
    };
    let new = mediation::NewDispute {
        title: SECRET[18].to_owned(),
        narrative: SECRET[5].to_owned(),
        parties: vec![party(SECRET[17], "applicant"), party(SECRET[20], "respondent")],
        ..dispute("T02", "320831101")
    };
    let case = room.open(request_id(), new.clone()).await.unwrap();
    let case = room.dispatch(&case).await.unwrap();
    let (case_id, _) = named(&room.take(&case).await.unwrap());
    let conclude = ["case", "conclude", &case_id, "--outcome", "agreed", "--form", "written", "--text", SECRET[19]];
    world.run(server, conclude).await.done();
    assert_eq!(room.case(&case_id).await.parties[0].name, SECRET[17]);
    // A second one that is alike: its look-up goes over the keyed hashes.
    room.open(request_id(), new).await.unwrap();
    let (petition, _) = Desk::at(server).logged(secret("雀走")).await;
    let route = ["petition", "route", &petition.number, "--type", "T02", "--consent", "both", "--respondent", SECRET[20]];
    world.run(server, route).await.done();
    fengqiao_tests::eventually("mediation takes the petition over", fengqiao_tests::SOON, async || {
        let cases = room.all().await;
        if cases.iter().any(|case| case.dispute.as_ref().is_some_and(|d| !d.petition_id.is_empty())) {
            Ok(())
        } else {
            Err(cases.len())
        }
    })
    .await;
    let text = format!(
        "external_ref,applied_at,dispute_type,force,division_code,narrative,mediator\n册,2020-03-02,T02,people,320831101,{},{}\n",
        SECRET[21], SECRET[20],
    );
    let file = world.file("canary-cases.csv", text);
    let args = ["import", "cases", file.to_str().unwrap(), "--wait", "--ledger", "台账"];
    assert_eq!(world.run(server, args).await.done().json()["imported"], 1);
}

async fn import(world: &World, server: &str) {
    let row = |n: usize, days: &str| {
        format!("册{n},2020-03-02,320831101,visit,appeal,{OPEN},{},{},{},1,镇政府,{days}\n", SECRET[12], SECRET[13], SECRET[11])
    };
    // A good row, one that ends before it begins, one whose name is too long, one with a cell too many.
    let long = row(3, ",,").replace(SECRET[11], &SECRET[11].repeat(60));
    let text = format!("{HEADER}\n{}{}{long}{}", row(1, ",,"), row(2, ",2020-03-01,replied"), row(4, ",,,"));
    let file = world.file("canary.csv", &text);
    let summary = world.import(server, &file, "台账").await.done().json();
    assert_eq!((&summary["imported"], summary["refused"].as_array().unwrap().len()), (&1.into(), 3), "{summary}");
    // And one that contradicts in what is sealed.
    let file = world.file("canary.csv", text.replace(SECRET[12], SECRET[14]));
    let summary = world.import(server, &file, "台账").await.done().json();
    assert_eq!(summary["refused"][0]["column"], "title", "{summary}");
}

/// Requests that are refused: what they hold must not be logged.
async fn bad(world: &World, server: &str, desk: &mut Desk) {
    let bad = SECRET[14];
    let wrong = [
        NewPetition { title: bad.repeat(300), ..secret("坏1") },
        NewPetition { title: format!("{bad}\u{1}"), ..secret("坏2") },
        NewPetition { channel: bad.to_owned(), ..secret("坏3") },
        NewPetition { division_code: bad.to_owned(), ..secret("坏4") },
        NewPetition { occurred_on: bad.to_owned(), ..secret("坏5") },
        NewPetition { id: bad.to_owned(), ..secret("坏6") },
        NewPetition { parties: vec![Party { phone: bad.repeat(30), ..Party::default() }], ..secret("坏7") },
        // The same reference again.
        secret("雀1"),
    ];
    for new in wrong {
        let reference = new.external_ref.clone();
        assert!(desk.log(request_id(), new).await.is_err(), "{reference} is taken");
    }
    // The same request with another content.
    let id = request_id();
    desk.log(id, secret("雀7")).await.unwrap();
    assert!(desk.log(id, NewPetition { title: bad.to_owned(), ..secret("雀7") }).await.is_err());
    let look_up = LookUpStatusRequest { number: bad.to_owned(), query_code: SECRET[15].to_owned() };
    assert!(desk.intake.look_up_status(look_up).await.is_err());
    let get = GetPetitionRequest { number: bad.to_owned(), ..GetPetitionRequest::default() };
    assert!(desk.intake.get_petition(get).await.is_err());
    let number = desk.find("雀5").await.unwrap().number;
    world.run(server, ["petition", "refuse", &number, "--reason", bad, "--text", SECRET[8]]).await.exits(1);
    world
        .run(server, ["petition", "refuse", &number, "--reason", "petition.R01", "--etag", bad, "--text", SECRET[8]])
        .await
        .exits(1);
    // A message that is cut off in the middle of a name.
    let mut cut = secret("坏8").encode_to_vec();
    cut.truncate(cut.len() - 3);
    let mut raw = Grpc::new(Endpoint::from_shared(server.to_owned()).unwrap().connect().await.unwrap());
    raw.ready().await.unwrap();
    let path = PathAndQuery::from_static("/fengqiao.intake.v1.IntakeService/LogPetition");
    assert!(raw.unary(Request::new(cut), path, Raw).await.is_err());
}

/// The bytes of the feed's messages as they came, up to a position.
async fn raw_feed(server: &str, log: &str, head: i64) -> Vec<u8> {
    let request = FollowRequest { log: log.to_owned(), follower: "canary".to_owned(), ..FollowRequest::default() };
    let mut raw = Grpc::new(Endpoint::from_shared(server.to_owned()).unwrap().connect().await.unwrap());
    raw = raw.max_decoding_message_size(64 * 1024 * 1024);
    raw.ready().await.unwrap();
    let path = PathAndQuery::from_static("/fengqiao.feed.v1.FeedService/Follow");
    let mut stream = raw.server_streaming(Request::new(request.encode_to_vec()), path, Raw).await.unwrap().into_inner();
    let mut all = Vec::new();
    loop {
        let message = stream.message().await.unwrap().expect("the feed stays open");
        all.extend_from_slice(&message);
        let last = FollowResponse::decode(message.as_slice()).unwrap().events.last().map_or(0, |event| event.position);
        if last >= head {
            return all;
        }
    }
}

/// Messages as bytes, whatever they are.
struct Raw;

impl Codec for Raw {
    type Encode = Vec<u8>;
    type Decode = Vec<u8>;
    type Encoder = Raw;
    type Decoder = Raw;

    fn encoder(&mut self) -> Raw {
        Raw
    }

    fn decoder(&mut self) -> Raw {
        Raw
    }
}

impl Encoder for Raw {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(&mut self, item: Vec<u8>, out: &mut EncodeBuf<'_>) -> Result<(), Status> {
        out.put_slice(&item);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = Vec<u8>;
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<Vec<u8>>, Status> {
        let mut item = vec![0; from.remaining()];
        from.copy_to_slice(&mut item);
        Ok(Some(item))
    }
}
