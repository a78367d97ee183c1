//! The three services as processes of their own that follow each other. Each needs the address of the others before they run, so
//! the ports are chosen first.

use crate::{Launch, Place, Server, World};
use std::net::TcpListener;

/// Intake, mediation and reporting, each in its process. One may be taken out, killed and started again at its address.
pub struct Apart {
    /// Petitions; none while it is down.
    pub intake: Option<Server>,
    /// Disputes and cases; none while it is down.
    pub mediation: Option<Server>,
    /// Figures; none while it is down.
    pub reporting: Option<Server>,
    addresses: [String; 3],
}

impl Apart {
    pub(crate) async fn start(world: &World, place: &Place) -> Self {
        let mut apart = Self::down();
        // One after the other: the first makes the master key.
        apart.intake = Some(apart.launch(world, place, "intake").start().await);
        apart.mediation = Some(apart.launch(world, place, "mediation").start().await);
        apart.reporting = Some(apart.launch(world, place, "reporting").start().await);
        apart
    }

    /// None of them runs yet; their addresses are chosen.
    pub fn down() -> Self {
        // Held together, so that they differ; free again when they are dropped.
        let held = [(); 3].map(|()| TcpListener::bind("127.0.0.1:0").expect("there is a free port"));
        let addresses = held.each_ref().map(|l| l.local_addr().expect("a bound port has an address").to_string());
        Self { intake: None, mediation: None, reporting: None, addresses }
    }

    /// The address of a service as a URL, whether it runs or not.
    pub fn url(&self, service: &str) -> String {
        format!("http://{}", self.address(service))
    }

    fn address(&self, service: &str) -> &str {
        let [intake, mediation, reporting] = &self.addresses;
        match service {
            "intake" => intake,
            "mediation" => mediation,
            "reporting" => reporting,
            other => panic!("there is no service {other}"),
        }
    }

    /// `fengqiao serve` of one of them at its address, following the others.
    pub fn launch(&self, world: &World, place: &Place, service: &str) -> Launch {
        let (intake, mediation) = (self.url("intake"), self.url("mediation"));
        let mut feeds = vec![("intake", intake.as_str()), ("mediation", mediation.as_str())];
        feeds.retain(|(log, _)| *log != service);
        world.part_at(place, self.address(service), service, &feeds)
    }

    /// What a client is told with --server.
    pub fn servers(&self) -> String {
        let [intake, mediation, reporting] = &self.addresses;
        format!("intake=http://{intake},mediation=http://{mediation},reporting=http://{reporting}")
    }

    /// Stops those that run.
    pub async fn stop(self) {
        for server in [self.reporting, self.mediation, self.intake].into_iter().flatten() {
            server.stop().await;
        }
    }
}
