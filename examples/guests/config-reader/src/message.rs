//! The messages of `config_reader.proto` and `kubernetes.proto`, as prost's derives have them: no compiler is needed.

use prost::Message;

#[derive(Clone, PartialEq, Message)]
pub(crate) struct GetValueRequest {
    #[prost(string, tag = "1")]
    pub(crate) namespace: String,
    #[prost(string, tag = "2")]
    pub(crate) name: String,
    #[prost(string, tag = "3")]
    pub(crate) key: String,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct GetValueReply {
    #[prost(string, tag = "1")]
    pub(crate) value: String,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Gvr {
    #[prost(string, tag = "1")]
    pub(crate) group: String,
    #[prost(string, tag = "2")]
    pub(crate) version: String,
    #[prost(string, tag = "3")]
    pub(crate) resource: String,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Namespaced {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(string, tag = "2")]
    pub(crate) namespace: String,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct GetRequest {
    #[prost(message, optional, tag = "1")]
    pub(crate) gvr: Option<Gvr>,
    #[prost(message, optional, tag = "2")]
    pub(crate) name: Option<Namespaced>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct GetReply {
    #[prost(bytes = "vec", tag = "1")]
    pub(crate) payload: Vec<u8>,
}
