//! A run as it will be made: the module looked into, every message written, before anything is called.
//!
//! What cannot be read ends the run here, with the place; nothing was asked of anybody then.

use std::sync::Arc;

use super::kept::Kept;
use crate::abi::go_plugin::host::Service;
use crate::abi::go_plugin::names;
use crate::abi::go_plugin::proto::{MethodType, Role, Schema};
use crate::abi::go_plugin::{self, Answers, FREE, Given, MALLOC};
use crate::cluster::Cluster;
use crate::ending;
use crate::machine::{Machine, Prepared};
use crate::module::Module;
use crate::module::inspect::ModuleInfo;
use crate::plugin::calls::Calls;
use crate::plugin::cluster;
use crate::report::{
    CallReport, FoundMethod, FoundService, MAX_SERVICE_CALLS, Outcome, OutcomeKind, Place, ServiceReport,
};
use crate::request::{RunRequest, ServiceCall, ServicePlugin};
use crate::run::{Modules, check_version};

/// What will be done.
pub(super) struct Plan {
    pub(super) module: String,
    pub(super) prepared: Box<dyn Prepared>,
    schema: Option<Arc<Schema>>,
    answers: Arc<Answers>,
    /// The versions that the services must be of that are called, by what their exports begin with.
    pub(super) expects: Vec<(String, u64)>,
    pub(super) calls: Vec<Planned>,
}

/// A call that will be made.
pub(super) struct Planned {
    service: String,
    pub(super) method: String,
    pub(super) export: String,
    pub(super) request: Vec<u8>,
    /// The places of the types in the schema, of the request and the reply, where it describes them.
    types: Option<(usize, usize)>,
}

fn invalid(message: String) -> Outcome {
    Outcome::new(OutcomeKind::Invalid, message)
}

/// Reads what is asked for. What is found of the module is told also where that fails.
pub(super) fn read(
    request: &RunRequest,
    plugin: &ServicePlugin,
    (modules, machine, real): (&Modules, &dyn Machine, Option<Box<dyn Cluster>>),
    done: &mut ServiceReport,
) -> Result<(Plan, Box<dyn Cluster>), Outcome> {
    done.module.clone_from(&plugin.module);
    done.calls = plugin.calls.iter().take(MAX_SERVICE_CALLS).map(named).collect();
    check_version(request)?;
    if plugin.calls.len() > MAX_SERVICE_CALLS {
        return Err(invalid(format!("more than {MAX_SERVICE_CALLS} calls are not made in a run")));
    }
    let module = load(&plugin.module, modules)?;
    done.digest.clone_from(&module.info.digest);
    let schema = schema(&plugin.proto)?.map(Arc::new);
    done.services = names::found(&module.info, schema.as_deref());
    let answers = Arc::new(Answers::read(&plugin.hosts, schema.as_deref()).map_err(invalid)?);
    let mut calls = Vec::new();
    for (index, call) in plugin.calls.iter().enumerate() {
        let planned = planned(plugin, call, &done.services, schema.as_deref());
        let planned =
            planned.map_err(|cause| invalid(format!("call {}, `{}`: {cause}", index + 1, call.method)))?;
        if let Some(report) = done.calls.get_mut(index) {
            (report.service, report.method) = (planned.service.clone(), planned.method.clone());
            report.export.clone_from(&planned.export);
        }
        calls.push(planned);
    }
    check(&plugin.module, &module.info, schema.as_deref(), &done.services)?;
    let cluster = cluster::of(request, (&plugin.objects, &plugin.session), real)?;
    let table = go_plugin::functions(&module.info);
    let prepared = machine
        .prepare(&module.bytes, &table)
        .map_err(|error| ending::refused(&plugin.module, &error, go_plugin::IMPORTS))?;
    let expects = expects(plugin, schema.as_deref(), &done.services, &calls);
    Ok((Plan { module: plugin.module.clone(), prepared, schema, answers, expects, calls }, cluster))
}

/// A call of which no more is known than the request says.
fn named(call: &ServiceCall) -> CallReport {
    CallReport { method: call.method.clone(), ..CallReport::default() }
}

fn load(name: &str, modules: &Modules) -> Result<Module, Outcome> {
    let bytes = modules
        .get(name)
        .ok_or_else(|| invalid(format!("the module `{name}` is not here")).with_hint("bring its file"))?;
    Module::load(bytes).map_err(|error| invalid(format!("module `{name}`: {error}")).with_hint(error.hint()))
}

fn schema(text: &str) -> Result<Option<Schema>, Outcome> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    Schema::read(text).map(Some).map_err(|error| {
        let line = error.line.and_then(|line| u32::try_from(line).ok());
        let at = line.map(|line| format!(" line {line}:")).unwrap_or_default();
        let outcome = invalid(format!("`proto`:{at} {}", error.message));
        match line {
            Some(line) => outcome.at(Place { file: "proto".into(), step: None, line, column: 0 }),
            None => outcome,
        }
    })
}

/// Fails unless the module exports what every host of go-plugin asks for.
fn check(
    name: &str,
    info: &ModuleInfo,
    schema: Option<&Schema>,
    services: &[FoundService],
) -> Result<(), Outcome> {
    // One that lists more than anybody reads is believed.
    if info.export_count > info.exports.len() as u64 {
        return Ok(());
    }
    let exports = |name: &str, kind: &str| info.exports.iter().any(|it| it.name == name && it.kind == kind);
    let hint = "build it with the stubs of go-plugin, as a reactor (`-buildmode=c-shared`) or with TinyGo";
    for function in [MALLOC, FREE] {
        if !exports(function, "func") {
            return Err(invalid(format!("module `{name}`: {function} is not exported")).with_hint(hint));
        }
    }
    if !exports("memory", "memory") {
        return Err(invalid(format!("module `{name}`: memory is not exported")).with_hint(hint));
    }
    if services.is_empty() {
        let message =
            format!("module `{name}` exports no service: nothing of it ends with `{}`", names::VERSION);
        return Err(invalid(message).with_hint(hint));
    }
    let methods = schema.iter().flat_map(|schema| &schema.services);
    let found = |service: &str| services.iter().any(|it| !it.is_guess && it.name == service);
    let methods = methods.filter(|service| found(&service.name)).flat_map(|service| &service.methods);
    match methods.into_iter().find(|method| !exports(&method.export, "func")) {
        None => Ok(()),
        Some(MethodType { export, .. }) => {
            let hint = "it was generated from another .proto: paste its own, or build it anew";
            Err(invalid(format!("module `{name}`: {export} is not exported")).with_hint(hint))
        }
    }
}

fn planned(
    plugin: &ServicePlugin,
    call: &ServiceCall,
    services: &[FoundService],
    schema: Option<&Schema>,
) -> Result<Planned, String> {
    let (service, method) = names::method(services, &plugin.service, &call.method)?;
    let described = described(schema, service, method);
    let given =
        Given { json: call.message.as_ref(), raw: call.raw.as_deref(), fields: call.fields.as_deref() };
    let no_type = || {
        match schema {
        None => "`message` is JSON, for which its fields must be known: paste their `proto`, or give `raw` or `fields`".into(),
        Some(_) => format!("the `proto` has no service `{}` with this method", service.name),
    }
    };
    let request = given.bytes("message", described.map(|it| it.request).zip(schema), no_type)?;
    Ok(Planned {
        service: service.name.clone(),
        method: method.name.clone(),
        export: method.export.clone(),
        request,
        types: described.map(|it| (it.request, it.reply)),
    })
}

fn described<'a>(
    schema: Option<&'a Schema>,
    service: &FoundService,
    method: &FoundMethod,
) -> Option<&'a MethodType> {
    let services = schema?.services.iter().filter(|it| it.name == service.name);
    services.flat_map(|it| &it.methods).find(|it| it.export == method.export)
}

/// The versions that services must be of: what the request says, or what the `.proto` says beside them.
fn expects(
    plugin: &ServicePlugin,
    schema: Option<&Schema>,
    services: &[FoundService],
    calls: &[Planned],
) -> Vec<(String, u64)> {
    let is_used = |it: &&FoundService| match calls {
        [] => plugin.service.is_empty() || it.name == plugin.service || it.prefix == plugin.service,
        calls => calls.iter().any(|call| call.service == it.name),
    };
    let said = |it: &FoundService| {
        let roles =
            schema?.services.iter().filter(|service| service.name == it.name).map(|service| &service.role);
        roles.into_iter().find_map(|role| match role {
            Role::Plugin(version) => Some(*version),
            _ => None,
        })
    };
    let expected = |it: &FoundService| Some((it.prefix.clone(), plugin.version.or_else(|| said(it))?));
    services.iter().filter(is_used).filter_map(expected).collect()
}

impl Plan {
    /// The host of the run; the answers are read once.
    pub(super) fn service(&self, calls: Calls) -> Service {
        Service::new(calls, Arc::clone(&self.answers), self.schema.clone())
    }

    /// The type of a call's reply, with the schema that has it.
    pub(super) fn reply(&self, call: &Planned) -> Option<(usize, &Schema)> {
        call.types.map(|(_, reply)| reply).zip(self.schema.as_deref())
    }

    /// A call's report, as far as it is known before.
    pub(super) fn report(&self, call: &Planned, kept: &mut Kept) -> CallReport {
        let described = call.types.map(|(request, _)| request).zip(self.schema.as_deref());
        // What was sent as bytes may be anything.
        let (request, _) = kept.message(&call.request, described);
        CallReport {
            service: call.service.clone(),
            method: call.method.clone(),
            export: call.export.clone(),
            request,
            ..CallReport::default()
        }
    }
}
