//! From where a call comes: the address of the connection, or, behind proxies that are trusted, the address that they saw. It knows
//! addresses; it refuses to know what anybody does with them.
//!
//! A proxy appends the address it saw to `x-forwarded-for`. Whatever stands before what the outermost trusted proxy wrote was said by the
//! client and may be made up, so the header is read from its end, and only as long as who wrote it is trusted.

use crate::{Problem, Settings};
use http::{Extensions, HeaderMap};
use std::net::IpAddr;
use tonic::transport::server::{TcpConnectInfo, TlsConnectInfo};

/// The header in which proxies say whom they speak for.
const FORWARDED: &str = "x-forwarded-for";
/// More hops than any house has.
const HOPS: usize = 16;

/// The address that a call comes from, in the extensions of its request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// The address that this request comes from; `None` when it came over no network.
pub fn peer<T>(request: &tonic::Request<T>) -> Option<IpAddr> {
    request.extensions().get::<Peer>().map(|peer| peer.0)
}

/// An address or a range of them, `10.0.0.0/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Range {
    bits: u128,
    mask: u128,
}

/// Addresses of IPv4 are kept as IPv6 has them, so that `::ffff:10.0.0.1` is `10.0.0.1`.
fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

impl Range {
    fn parse(text: &str) -> Option<Self> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length.parse::<u32>().ok()?)),
            None => (text, None),
        };
        let address: IpAddr = address.trim().parse().ok()?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let host = most - length.filter(|length| *length <= most).or(length.is_none().then_some(most))?;
        let mask = if host == 128 { 0 } else { u128::MAX << host };
        Some(Self { bits: bits(address) & mask, mask })
    }

    fn contains(&self, address: IpAddr) -> bool {
        bits(address) & self.mask == self.bits
    }
}

/// Proxies whose word about their clients is believed; none by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies(Vec<Range>);

impl Proxies {
    /// Reads the setting `TRUSTED_PROXIES`: addresses and ranges, between commas.
    pub(crate) fn read(settings: &mut Settings<'_>) -> Self {
        let mut ranges = Vec::new();
        for text in settings.list("TRUSTED_PROXIES").unwrap_or_default() {
            match Range::parse(&text) {
                Some(range) => ranges.push(range),
                None => {
                    let problem = format!("must list addresses or ranges such as 10.0.0.0/8, not {text:?}");
                    settings.report(Problem::new("TRUSTED_PROXIES", problem));
                }
            }
        }
        Self(ranges)
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|range| range.contains(address))
    }

    /// The address behind a connection from `seen`.
    fn behind(&self, seen: IpAddr, headers: &HeaderMap) -> IpAddr {
        let said = headers.get_all(FORWARDED).iter().rev().filter_map(|value| value.to_str().ok());
        let hops = said.flat_map(|value| value.rsplit(',')).take(HOPS);
        let mut at = seen.to_canonical();
        for hop in hops {
            if !self.trusts(at) {
                break;
            }
            // What cannot be read was written by a proxy that is trusted, about a client that cannot be known better.
            let Some(address) = address(hop.trim()) else { break };
            at = address;
        }
        at
    }

    /// The address that a request with these headers comes from.
    pub(crate) fn peer(&self, extensions: &Extensions, headers: &HeaderMap) -> Option<Peer> {
        let plain = extensions.get::<TcpConnectInfo>().and_then(TcpConnectInfo::remote_addr);
        let tls = || extensions.get::<TlsConnectInfo<TcpConnectInfo>>().and_then(|info| info.get_ref().remote_addr());
        plain.or_else(tls).map(|seen| Peer(self.behind(seen.ip(), headers)))
    }
}

/// An address with or without a port, an IPv6 address with or without brackets.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    let address = bare.parse::<IpAddr>().ok().or_else(|| Some(text.parse::<std::net::SocketAddr>().ok()?.ip()))?;
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Map;

    fn proxies(list: &str) -> Proxies {
        let map = Map::from([("F_TRUSTED_PROXIES", list)]);
        let mut settings = Settings::new(&map, "F_");
        let proxies = Proxies::read(&mut settings);
        settings.finish().unwrap();
        proxies
    }

    fn behind(list: &str, seen: &str, said: &[&str]) -> String {
        let headers = said.iter().map(|value| (FORWARDED.parse().unwrap(), value.parse().unwrap())).collect();
        proxies(list).behind(seen.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn nobody_is_believed_by_default() {
        let proxies = Proxies::default();
        let headers = [(FORWARDED.parse().unwrap(), "1.2.3.4".parse().unwrap())].into_iter().collect();
        assert_eq!(proxies.behind("127.0.0.1".parse().unwrap(), &headers).to_string(), "127.0.0.1");
    }

    #[test]
    fn a_trusted_proxy_says_whom_it_speaks_for_and_the_client_does_not() {
        assert_eq!(behind("10.0.0.0/8", "10.1.2.3", &["203.0.113.7"]), "203.0.113.7");
        assert_eq!(behind("10.0.0.0/8", "10.1.2.3", &["1.1.1.1, 203.0.113.7"]), "203.0.113.7", "made up by the client");
        assert_eq!(behind("10.0.0.0/8", "10.1.2.3", &["1.1.1.1", "203.0.113.7, 10.9.9.9"]), "203.0.113.7", "two proxies");
        assert_eq!(behind("10.0.0.0/8", "192.0.2.1", &["203.0.113.7"]), "192.0.2.1", "not a trusted one");
        assert_eq!(behind("10.0.0.1", "::ffff:10.0.0.1", &["203.0.113.7:555"]), "203.0.113.7");
        assert_eq!(behind("::1", "::1", &["[2001:db8::7]:99"]), "2001:db8::7");
        assert_eq!(behind("::1", "::1", &["2001:db8::7"]), "2001:db8::7");
        assert_eq!(behind("0.0.0.0/0", "10.0.0.1", &["unknown"]), "10.0.0.1");
        assert_eq!(behind("10.0.0.1", "10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn what_is_no_address_is_told() {
        for wrong in ["10.0.0.0/33", "::/129", "proxy.example", "10.0.0.0/x"] {
            let map = Map::from([("F_TRUSTED_PROXIES", wrong)]);
            let mut settings = Settings::new(&map, "F_");
            Proxies::read(&mut settings);
            assert!(settings.finish().unwrap_err().to_string().contains("TRUSTED_PROXIES"), "{wrong}");
        }
        assert!(proxies("::/0").trusts("2001:db8::1".parse().unwrap()));
    }
}
