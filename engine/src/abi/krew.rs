//! krew-wasm: kubectl plugins as WASI commands that may ask over HTTP, by the import module `wasi-outbound-http`.
//!
//! Only the run's cluster is reached: any other scheme, host or port is refused, which is stricter than krew-wasm,
//! where the host alone counts. Sources: krew-wasm's `http-wasmtime-kube`, wit-bindgen's `abi.rs` at the revision that
//! it is built with, and for the shorter form of `request` the older definition in wasi-experimental-toolkit.

pub(crate) mod host;
pub(crate) mod kubeconfig;
mod lift;
mod lower;
pub(crate) mod url;

use std::borrow::Cow::Borrowed;
use std::sync::LazyLock;

use self::host::{Asked, Config, Krew};
use self::lift::Lift;
use crate::machine::ValueType::{self, I32};
use crate::machine::{Args, Guest, HostFunction, Trap, Value};
use crate::module::inspect::ModuleInfo;
use crate::wasi;

/// The import module.
const MODULE: &str = "wasi-outbound-http";

/// The way out for a plugin that imports something else.
pub(crate) const IMPORTS: &str = "a kubectl plugin may import `wasi_snapshot_preview1`, and of `wasi-outbound-http` the functions `request` and `register-request-config`";

/// The two forms of `request`: they differ in the configuration, and in the numbers of the errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// With the id of a configuration: krew-wasm's.
    Configured,
    /// Without: the older one, which Spin's first releases have.
    Plain,
}

const CONFIGURED: [ValueType; 14] = [I32; 14];
const PLAIN: [ValueType; 11] = [I32; 11];
const REGISTER: [ValueType; 15] = [I32; 15];

macro_rules! entry {
    ($name:literal, $params:expr, $function:path) => {
        HostFunction {
            module: Borrowed(MODULE),
            name: Borrowed($name),
            params: $params,
            result: None,
            call: $function,
        }
    };
}

/// WASI, and a form of `request` with what belongs to it.
fn table(request: HostFunction) -> Vec<HostFunction> {
    let register = entry!("register-request-config", &REGISTER, register);
    [request, register].iter().chain(wasi::functions()).cloned().collect()
}

static WITH_CONFIGURED: LazyLock<Vec<HostFunction>> =
    LazyLock::new(|| table(entry!("request", &CONFIGURED, request_configured)));
static WITH_PLAIN: LazyLock<Vec<HostFunction>> =
    LazyLock::new(|| table(entry!("request", &PLAIN, request_plain)));

/// All that a plugin may import, with the form of `request` that it imports.
///
/// # Errors
/// A sentence when it imports one of the functions with a signature that nobody has.
pub(crate) fn functions(info: &ModuleInfo) -> Result<&'static [HostFunction], String> {
    let mut form = None;
    for import in info.imports.iter().filter(|import| import.module == MODULE) {
        let is = |params: &[ValueType]| import.kind == signature(params);
        let found = match import.name.as_str() {
            "request" if is(&CONFIGURED) => Form::Configured,
            "request" if is(&PLAIN) => Form::Plain,
            "register-request-config" if is(&REGISTER) => continue,
            "request" | "register-request-config" => return Err(unlike(&import.name, &import.kind)),
            _ => continue,
        };
        if form.is_some_and(|form| form != found) {
            return Err(format!("it imports `{MODULE}.request` in both of its forms, and a plugin has one"));
        }
        form = Some(found);
    }
    Ok(match form {
        None | Some(Form::Configured) => &WITH_CONFIGURED,
        Some(Form::Plain) => &WITH_PLAIN,
    })
}

/// A signature as modules are described.
fn signature(params: &[ValueType]) -> String {
    format!("func ({})", vec!["i32"; params.len()].join(", "))
}

fn unlike(name: &str, kind: &str) -> String {
    let expected = match name {
        "request" => "14 or 11 parameters of 32 bits and no result",
        _ => "15 parameters of 32 bits and no result",
    };
    format!("it imports `{MODULE}.{name}` as `{kind}`, and the function has {expected}")
}

type Called = Result<Option<Value>, Trap>;

fn request_configured(guest: &mut dyn Guest, args: Args<'_>) -> Called {
    request(guest, args, Form::Configured)
}

fn request_plain(guest: &mut dyn Guest, args: Args<'_>) -> Called {
    request(guest, args, Form::Plain)
}

/// `request(method, uri, headers, params, body, config-id?) -> expected<response, http-error>`
fn request(guest: &mut dyn Guest, args: Args<'_>, form: Form) -> Called {
    let mut lift = Lift::new(guest, "request");
    let method = lift.method(args.u32(0))?;
    let url = lift.text(args.u32(1), args.u32(2), "the URL")?;
    let headers = lift.pairs(args.u32(3), args.u32(4), "headers")?;
    // The query is in the URL already; krew-wasm reads the parameters and passes them over, too.
    let params = lift.pairs(args.u32(5), args.u32(6), "parameters")?;
    let body = match lift.some(args.u32(7), "the body")? {
        true => lift.body(args.u32(8), args.u32(9))?,
        false => Ok(Vec::new()),
    };
    let (config, area) = match form {
        Form::Plain => (None, args.u32(10)),
        Form::Configured => {
            let is_given = lift.some(args.u32(10), "the configuration's id")?;
            let id = if is_given {
                Some(lift.text(args.u32(11), args.u32(12), "the configuration's id")?)
            } else {
                None
            };
            (id, args.u32(13))
        }
    };
    lower::check_area(guest, "request", area, lower::RESPONSE)?;
    let asked = Asked { method, url, headers, params, body, config };
    let krew = krew(guest, "request")?;
    let before = krew.late();
    let answer = krew.ask(asked)?;
    let late = krew.late() - before;
    guest.host().wasi.wait(late)?;
    lower::response(guest, area, answer, form)
}

/// `register-request-config(config, id) -> expected<string, http-error>`
fn register(guest: &mut dyn Guest, args: Args<'_>) -> Called {
    let name = "register-request-config";
    let mut lift = Lift::new(guest, name);
    let any_hostname = lift.some(args.u32(0), "`accept-invalid-hostnames`")?;
    let any_certificate = lift.some(args.u32(1), "`accept-invalid-certificates`")?;
    let certificates = lift.certificates(args.u32(2), args.u32(3))?;
    let identity = lift.some(args.u32(4), "the identity")?;
    if identity {
        for (index, what) in [(5, "the key"), (7, "the certificate"), (9, "the authority")] {
            lift.range(args.u32(index), u64::from(args.u32(index + 1)), what)?;
        }
    }
    let id = match lift.some(args.u32(11), "the id")? {
        true => Some(lift.text(args.u32(12), args.u32(13), "the id")?),
        false => None,
    };
    lower::check_area(guest, name, args.u32(14), lower::ID)?;
    let config = Config { any_hostname, any_certificate, certificates, identity };
    let answer = krew(guest, name)?.register(config, id);
    lower::id(guest, args.u32(14), answer)
}

/// The state behind a guest that can be answered.
fn krew<'a>(guest: &'a mut dyn Guest, function: &str) -> Result<&'a mut Krew, Trap> {
    match guest.host().krew.as_deref_mut() {
        Some(krew) if krew.allocates => Ok(krew),
        Some(_) => Err(Trap::Host(format!(
            "`{function}`: the module exports no function `{}`, which makes room for the answer",
            lower::REALLOC
        ))),
        None => Err(Trap::Host(format!("`{function}`: this run has no cluster"))),
    }
}

/// Whether a module exports what answers are given with. One that lists more than anybody reads is believed.
pub(crate) fn allocates(info: &ModuleInfo) -> bool {
    let is_cut = info.export_count > info.exports.len() as u64;
    is_cut || info.exports.iter().any(|export| export.name == lower::REALLOC && export.kind == "func")
}
