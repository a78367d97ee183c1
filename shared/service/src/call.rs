//! What happens around each call: its id and span, who calls, how many at once, how long, and a panic turned into an answer.
//! It knows calls; it refuses to know what they do. Health and reflection go through untouched: they are for probes and
//! tools without an identity.

mod polish;
mod reply;

use crate::{Identity, Origins, Proxies, errors};
use fengqiao_model::{Caller, Permission};
use futures_util::FutureExt;
use http::{HeaderMap, HeaderValue, Request, Response, header::ORIGIN};
use reply::{Ending, Reply};
use std::{
    convert::Infallible,
    future::Future,
    panic::AssertUnwindSafe,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};
use tokio::sync::Semaphore;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tonic::{Code, Status, body::Body};
use tower::{Layer, Service};
use tracing::{error, field::Empty, info_span};

/// The header in which a client may name a call, and in which every answer does.
pub(crate) const REQUEST_ID: &str = "x-request-id";

const OPEN_TO_ALL: [&str; 3] =
    ["/grpc.health.v1.Health/", "/grpc.reflection.v1.ServerReflection/", "/grpc.reflection.v1alpha.ServerReflection/"];

/// The id of a call, in the extensions of its request.
#[derive(Clone, Debug)]
struct CallId(Arc<str>);

/// Who sends this request.
pub fn caller<T>(request: &tonic::Request<T>) -> Result<Caller, Status> {
    request
        .extensions()
        .get::<Caller>()
        .cloned()
        .ok_or_else(|| crate::identity::unauthenticated("the call carries no identity", None))
}

/// Who sends this request, if a role of theirs has the permission; PERMISSION_DENIED otherwise.
pub fn permitted<T>(request: &tonic::Request<T>, permission: Permission) -> Result<Caller, Status> {
    let caller = caller(request)?;
    if caller.may(permission) {
        return Ok(caller);
    }
    let permission = format!("{permission:?}");
    let message = "no role of the caller allows this call";
    Err(errors::status(Code::PermissionDenied, "PERMISSION_DENIED", message, [("permission", permission)]))
}

/// The id of this call: the client's `x-request-id` or one of ours. Give it to [`errors::internal`].
pub fn call_id<T>(request: &tonic::Request<T>) -> &str {
    request.extensions().get::<CallId>().map_or("unknown", |id| &id.0)
}

/// What all calls of a server share.
pub(crate) struct Around {
    pub(crate) identity: Identity,
    /// One permit for each call whose handler runs; streams give theirs back when their first answer is ready.
    pub(crate) admission: Semaphore,
    /// How long a handler may take to its (first) answer.
    pub(crate) deadline: Duration,
    /// Browser pages that may call.
    pub(crate) origins: Origins,
    /// Proxies that are believed about where a call comes from.
    pub(crate) proxies: Proxies,
    /// Health watches and reflection streams end with it; the streams of services watch it themselves.
    pub(crate) draining: CancellationToken,
    /// Open calls, until the last byte of their answer was handed on.
    pub(crate) calls: TaskTracker,
    pub(crate) ids: CallIds,
}

/// Makes ids for calls: a random prefix per process and a count, since nobody needs to sort or guess them.
pub(crate) struct CallIds {
    prefix: String,
    next: AtomicU64,
}

impl CallIds {
    pub(crate) fn new(prefix: &[u8]) -> Self {
        Self { prefix: prefix.iter().map(|byte| format!("{byte:02x}")).collect(), next: AtomicU64::new(1) }
    }

    /// The client's id where it has the shape of one (so that it cannot forge log lines or carry a text), else a new one.
    fn of(&self, headers: &HeaderMap) -> Arc<str> {
        let fits = |id: &&str| {
            (1..=64).contains(&id.len())
                && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':'))
        };
        match headers.get(REQUEST_ID).and_then(|id| id.to_str().ok()).filter(fits) {
            Some(id) => id.into(),
            None => format!("{}-{}", self.prefix, self.next.fetch_add(1, Ordering::Relaxed)).into(),
        }
    }
}

/// Puts the server's surroundings around its services.
#[derive(Clone)]
pub(crate) struct CallLayer(pub(crate) Arc<Around>);

impl<S> Layer<S> for CallLayer {
    type Service = CallService<S>;

    fn layer(&self, inner: S) -> CallService<S> {
        CallService { around: self.0.clone(), inner }
    }
}

#[derive(Clone)]
pub(crate) struct CallService<S> {
    around: Arc<Around>,
    inner: S,
}

impl<S> Service<Request<Body>> for CallService<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        // the clone stays behind; the one that was polled ready makes the call
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        let around = self.around.clone();
        let open_call = around.calls.token();
        let path = request.uri().path();
        if OPEN_TO_ALL.iter().any(|service| path.starts_with(service)) {
            let draining = around.draining.clone();
            return Box::pin(async move {
                let response = inner.call(request).await?;
                Ok(response.map(|body| Body::new(Reply::ends_when_draining(body, draining, open_call))))
            });
        }
        let id = around.ids.of(request.headers());
        let method: String = path.chars().skip(1).take(120).collect();
        let span = info_span!("call", method, request_id = &*id, caller = Empty);
        let mut ending = Ending::new(span.clone(), id.clone());
        Box::pin(tracing::Instrument::instrument(
            async move {
                let answer = around.answer(inner, request, &id).await;
                let mut response = answer.unwrap_or_else(|status| status.into_http());
                polish::polish(response.headers_mut(), &id);
                if let Ok(value) = HeaderValue::from_str(&id) {
                    response.headers_mut().insert(REQUEST_ID, value);
                }
                ending.note(response.headers());
                Ok(response.map(|body| Body::new(Reply::of_a_service(body, ending, open_call))))
            },
            span,
        ))
    }
}

impl Around {
    async fn answer<S>(&self, mut inner: S, mut request: Request<Body>, id: &Arc<str>) -> Result<Response<Body>, Status>
    where
        S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
    {
        let none: [(&str, &str); 0] = [];
        if request.headers().get(ORIGIN).is_some_and(|origin| !self.origins.allow(origin)) {
            let message = "pages of this origin may not call";
            return Err(errors::status(Code::PermissionDenied, "ORIGIN_NOT_ALLOWED", message, none));
        }
        let _permit = self.admission.try_acquire().map_err(|_| {
            let full = errors::status(Code::ResourceExhausted, "TOO_MANY_CALLS", "too many calls are running", none);
            errors::with_retry(full, Duration::from_secs(1))
        })?;
        let caller = self.identity.caller(request.headers())?;
        tracing::Span::current().record("caller", caller.id.as_str());
        if let Some(peer) = self.proxies.peer(request.extensions(), request.headers()) {
            request.extensions_mut().insert(peer);
        }
        request.extensions_mut().insert(caller);
        request.extensions_mut().insert(CallId(id.clone()));
        // inside the async block, so that a panic before the first await is caught as well
        let call = AssertUnwindSafe(async move { inner.call(request).await }).catch_unwind();
        match tokio::time::timeout(self.deadline, call).await {
            Ok(Ok(Ok(response))) => Ok(response),
            Ok(Ok(Err(never))) => match never {},
            Ok(Err(_panic)) => {
                error!("handler panicked");
                Err(errors::internal(id))
            }
            Err(_elapsed) => Err(errors::status(Code::DeadlineExceeded, "DEADLINE_EXCEEDED", "the call took too long", none)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_clients_are_kept_only_if_they_are_ids() {
        let ids = CallIds::new(&[0xab, 0xcd]);
        let ask = |value: &str| ids.of(&HeaderMap::from_iter([(REQUEST_ID.parse().unwrap(), value.parse().unwrap())]));
        assert_eq!(&*ask("desk-7:42"), "desk-7:42");
        assert_eq!(&*ask("a text with spaces"), "abcd-1");
        assert_eq!(&*ask(&"x".repeat(65)), "abcd-2");
        assert_eq!(&*ids.of(&HeaderMap::new()), "abcd-3");
    }

    #[test]
    fn permission_is_asked_of_the_roles() {
        let mut request = tonic::Request::new(());
        assert_eq!(caller(&request).unwrap_err().code(), Code::Unauthenticated);
        let Identity::Development { mut default } = Identity::development() else { panic!() };
        default.roles = vec![fengqiao_model::Role::Public];
        request.extensions_mut().insert(default);
        assert!(permitted(&request, Permission::LookUp).is_ok());
        let denied = permitted(&request, Permission::WritePetitions).unwrap_err();
        assert_eq!(denied.code(), Code::PermissionDenied);
        assert_eq!(errors::reason(&denied).as_deref(), Some("PERMISSION_DENIED"));
    }
}
