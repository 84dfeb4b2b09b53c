//! One evaluation in an instance of its own: what a policy calls and is called, and what it answers.
//!
//! It reads no verdict from the answer.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::{builtins, functions};
use crate::abi::answer::{Way, document};
use crate::abi::command::{self, Ended};
use crate::abi::policy::{Failure, sentence};
use crate::host::Host;
use crate::machine::{Instance, Machine, PrepareError, Trap, Value};
use crate::request::Budget;
use crate::run::{Pace, Progress};

/// Which of Kubewarden's two kinds of Rego policy it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It answers with an `AdmissionReview`.
    Opa,
    /// It answers with a list of violations.
    Gatekeeper,
}

impl Kind {
    /// What the name of the entrypoint ends with.
    fn entrypoint(self) -> &'static str {
        match self {
            Self::Opa => "/main",
            Self::Gatekeeper => "/violation",
        }
    }
}

/// What is asked of a policy.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ask<'a> {
    /// Which built-in functions it needs, and whether it has an entrypoint.
    Needs,
    /// Its verdict on an input, with data.
    Verdict {
        /// The input.
        input: &'a Json,
        /// The data.
        data: &'a Json,
    },
}

/// What it told.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    /// The entrypoint that is evaluated, and whether it is another than the first.
    pub(crate) entrypoint: String,
    pub(crate) is_picked: bool,
    /// The built-in functions that nobody provides.
    pub(crate) missing: Vec<String>,
    /// All results; null when it was asked for its needs alone.
    pub(crate) results: Json,
}

/// Asks a policy. `module` has a memory of its own.
///
/// # Errors
/// [`PrepareError`] when the machine does not take the module.
pub(crate) async fn ask(
    (module, kind): (&[u8], Kind),
    asked: Ask<'_>,
    host: Host,
    budget: &Budget,
    machine: &dyn Machine,
    (pace, progress): (&mut impl Pace, &mut Progress),
) -> Result<(Ended, Result<Told, Failure>), PrepareError> {
    let prepared = machine.prepare(module, functions::functions())?;
    let instance = match prepared.instantiate(host, budget) {
        Ok(instance) => instance,
        Err((trap, host)) => {
            let failure = Failure::from(&trap);
            return Ok((command::ended(Err(trap), *host, 0, 0), Err(failure)));
        }
    };
    let before = progress.fuel;
    let mut policy = Policy { instance, before, budget, pace, progress };
    let told = policy.ask(kind, asked).await;
    let (fuel, memory) = (policy.instance.fuel_used(), policy.instance.memory_peak());
    Ok((command::ended(Ok(None), policy.instance.into_host(), fuel, memory), told))
}

/// A live policy.
struct Policy<'a, P: Pace> {
    instance: Box<dyn Instance>,
    /// The fuel that others used.
    before: u64,
    budget: &'a Budget,
    pace: &'a mut P,
    progress: &'a mut Progress,
}

impl<P: Pace> Policy<'_, P> {
    async fn ask(&mut self, kind: Kind, asked: Ask<'_>) -> Result<Told, Failure> {
        let builtins = self.names("builtins").await?;
        let entrypoints = self.names("entrypoints").await?;
        let missing = builtins.keys().filter(|name| !builtins::is_known(name)).cloned().collect();
        let (entrypoint, id) = entrypoint(&entrypoints, kind)?;
        let told = Told { entrypoint, is_picked: id != 0, missing, results: Json::Null };
        let Ask::Verdict { input, data } = asked else { return Ok(told) };
        let named = builtins.into_iter().map(|(name, id)| (id, name)).collect();
        self.instance.guest().host().rego.builtins = named;
        let data = self.parsed("its data", data).await?;
        let address = self.evaluated(data, input, id).await?;
        let bytes = self.text("its result", address)?;
        Ok(Told { results: document(&bytes, Way::Given)?, ..told })
    }

    /// Evaluates an entrypoint, and returns where its results stand as JSON.
    async fn evaluated(&mut self, data: u32, input: &Json, entrypoint: u32) -> Result<u32, Failure> {
        if self.instance.exports("opa_eval") {
            let input = input.to_string();
            let at = self.written("its input", &input).await?;
            let heap = self.call("opa_heap_ptr_get", &[]).await?;
            let length = u32::try_from(input.len()).unwrap_or(u32::MAX);
            // The first is reserved, and the last asks for JSON.
            return self.call("opa_eval", &[0, entrypoint, data, at, length, heap, 0]).await;
        }
        let input = self.parsed("its input", input).await?;
        let ctx = self.call("opa_eval_ctx_new", &[]).await?;
        for (export, value) in [
            ("opa_eval_ctx_set_input", input),
            ("opa_eval_ctx_set_data", data),
            ("opa_eval_ctx_set_entrypoint", entrypoint),
        ] {
            // ABI 1.0 and 1.1 evaluate the first entrypoint where this is missing.
            if export != "opa_eval_ctx_set_entrypoint" || self.instance.exports(export) || value != 0 {
                self.run(export, &[ctx, value]).await?;
            }
        }
        let code = self.run("eval", &[ctx]).await?.unwrap_or(0);
        if code != 0 {
            return Err(Failure::malformed(format!("failed: `eval` returned {code}")));
        }
        let result = self.call("opa_eval_ctx_get_result", &[ctx]).await?;
        self.call("opa_json_dump", &[result]).await
    }

    /// Names and their numbers, as `builtins` and `entrypoints` tell them.
    async fn names(&mut self, export: &str) -> Result<BTreeMap<String, i32>, Failure> {
        let value = self.call(export, &[]).await?;
        let address = self.call("opa_json_dump", &[value]).await?;
        let what = format!("`{export}`");
        let bytes = self.text(&what, address)?;
        let wrong = || {
            Failure::malformed(format!("does not tell its {export}: `{export}` gives no object of numbers"))
        };
        let Ok(Json::Object(names)) = document(&bytes, Way::Given) else { return Err(wrong()) };
        let number = |(name, id): (String, Json)| {
            let id = id.as_i64().and_then(|id| i32::try_from(id).ok())?;
            Some((name, id))
        };
        names.into_iter().map(number).collect::<Option<_>>().ok_or_else(wrong)
    }

    /// A value in the guest.
    async fn parsed(&mut self, what: &str, value: &Json) -> Result<u32, Failure> {
        let json = value.to_string();
        let at = self.written(what, &json).await?;
        let length = u32::try_from(json.len()).unwrap_or(u32::MAX);
        match self.call("opa_json_parse", &[at, length]).await? {
            0 => Err(Failure::malformed(format!("cannot read {what}: `opa_json_parse` returned 0"))),
            address => Ok(address),
        }
    }

    /// A text in the guest's memory.
    async fn written(&mut self, what: &str, text: &str) -> Result<u32, Failure> {
        let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
        let at = self.call("opa_malloc", &[length]).await?;
        let mut guest = self.instance.guest();
        guest.host().gate.charge(u64::from(length)).map_err(|trap| Failure::from(&trap))?;
        let outside = |error| Failure::from(&Trap::Host(format!("`opa_malloc` for {what}: {error}")));
        guest.write(u64::from(at), text.as_bytes()).map_err(outside)?;
        Ok(at)
    }

    fn text(&mut self, what: &str, address: u32) -> Result<Vec<u8>, Failure> {
        functions::text(self.instance.guest().as_mut(), what, address).map_err(|trap| Failure::from(&trap))
    }

    /// Calls an export that returns an address.
    async fn call(&mut self, export: &str, args: &[u32]) -> Result<u32, Failure> {
        let returned = self.run(export, args).await?;
        let wrong =
            || Failure::malformed(format!("breaks OPA's ABI: `{export}` returned no number of 32 bits"));
        returned.map(i32::cast_unsigned).ok_or_else(wrong)
    }

    /// Calls an export.
    async fn run(&mut self, export: &str, args: &[u32]) -> Result<Option<i32>, Failure> {
        let args: Vec<_> = args.iter().map(|arg| Value::I32(arg.cast_signed())).collect();
        let instance: &mut dyn Instance = self.instance.as_mut();
        let paced = (&mut *self.pace, &mut *self.progress);
        match command::drive((instance, export, &args), self.before, self.budget, paced).await {
            Ok(Some(Value::I32(value))) => Ok(Some(value)),
            Ok(None) => Ok(None),
            Ok(Some(_)) => {
                Err(Failure::malformed(format!("breaks OPA's ABI: `{export}` returned no number of 32 bits")))
            }
            Err(trap) => Err(Failure::from(&trap)),
        }
    }
}

/// The entrypoint of a kind: the first, where it is of the kind or nothing is; the only one of the kind otherwise.
/// Kubewarden evaluates the first, whatever it is.
fn entrypoint(names: &BTreeMap<String, i32>, kind: Kind) -> Result<(String, u32), Failure> {
    let of_kind: Vec<_> = names.iter().filter(|(name, _)| name.ends_with(kind.entrypoint())).collect();
    let first = names.iter().find(|(_, id)| **id == 0);
    let picked = match (of_kind.as_slice(), first) {
        ([], Some(first)) => Some(first),
        (many, Some(first)) if many.contains(&first) => Some(first),
        ([only], _) => Some(*only),
        ([], None) => None,
        (many, _) => {
            let names: Vec<_> = many.iter().map(|(name, _)| sentence(name)).collect();
            let names = names.join("`, `");
            return Err(Failure::malformed(format!("has several entrypoints that may be meant: `{names}`"))
                .with_hint("compile it with one entrypoint (`opa build -t wasm -e`)"));
        }
    };
    let number = picked.and_then(|(name, id)| Some((name.clone(), u32::try_from(*id).ok()?)));
    number.ok_or_else(|| Failure::malformed("has no entrypoint"))
}
