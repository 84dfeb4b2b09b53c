//! The cluster of a run that was given none, which is the default. It refuses everything.

use super::{Asked, Cluster, ClusterError, Limits, Request, Response};

/// Answers nothing, and says how to give a cluster.
#[derive(Clone, Copy, Debug, Default)]
pub struct Denied;

impl Cluster for Denied {
    fn ask(&mut self, request: &Request, _limits: Limits) -> Result<Response, ClusterError> {
        Err(ClusterError::Denied { asked: Asked::of(request)?.to_string() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_and_says_the_way_out() {
        let request = http::Request::get("/api/v1/pods?limit=5").body(Vec::new()).unwrap();
        let error = Denied.ask(&request, Limits::default()).unwrap_err();
        assert_eq!(error.to_string(), "GET /api/v1/pods?limit=5: no cluster is given");
        assert!(error.hint().unwrap().contains("session"));
    }
}
