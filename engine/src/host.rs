//! What a guest may reach: the gate that every host call passes, and the state that host functions keep.
//!
//! It grants nothing by itself and reaches nothing outside: what is not in the run's request is not there.

#[cfg(feature = "plugins")]
use crate::abi::go_plugin::host::Service;
#[cfg(feature = "plugins")]
use crate::abi::krew::host::Krew;
#[cfg(feature = "plugins")]
use crate::abi::kubestellar::host::Dashboard;
#[cfg(feature = "gate")]
use crate::abi::kubewarden::host::Policy;
#[cfg(feature = "gate")]
use crate::abi::rego::Rego;
use crate::machine::{Name, Stopped, Trap};
use crate::report::{HostCallCount, Limit};
use crate::request::{Budget, World};
use crate::wasi::Wasi;
use crate::words;

/// The host's side of one instance.
#[derive(Debug)]
pub struct Host {
    /// Counts and checks every call.
    pub gate: Gate,
    /// The state behind `wasi_snapshot_preview1`.
    pub wasi: Wasi,
    /// What a Kubewarden policy asks for and says.
    #[cfg(feature = "gate")]
    pub(crate) policy: Policy,
    /// What a Rego policy's built-in functions need.
    #[cfg(feature = "gate")]
    pub(crate) rego: Rego,
    /// What a dashboard plugin may ask, read and store; nothing for any other guest.
    #[cfg(feature = "plugins")]
    pub(crate) dashboard: Option<Box<Dashboard>>,
    /// What a kubectl plugin may ask over HTTP; nothing for any other guest.
    #[cfg(feature = "plugins")]
    pub(crate) krew: Option<Box<Krew>>,
    /// Who answers a go-plugin service; nothing for any other guest.
    #[cfg(feature = "plugins")]
    pub(crate) service: Option<Box<Service>>,
}

impl Host {
    /// A host that grants nothing: no arguments, environment or files, and an empty stdin.
    #[must_use]
    pub fn new(budget: &Budget, world: &World) -> Self {
        Self {
            gate: Gate::new(budget),
            wasi: Wasi::new(budget, world),
            #[cfg(feature = "gate")]
            policy: Policy::default(),
            #[cfg(feature = "gate")]
            rego: Rego::of(world),
            #[cfg(feature = "plugins")]
            dashboard: None,
            #[cfg(feature = "plugins")]
            krew: None,
            #[cfg(feature = "plugins")]
            service: None,
        }
    }
}

/// The one place that every host call passes.
#[derive(Debug)]
pub struct Gate {
    /// A guest calls a handful of functions, over and over: looking through them is faster than any map.
    tallies: Vec<Tally>,
    /// The place of the current call in `tallies`.
    current: usize,
    /// What may not be called, as `module.name`.
    denied: Vec<String>,
    bytes_left: u64,
    bytes_limit: u64,
}

/// What one host function was called for.
#[derive(Debug)]
struct Tally {
    module: Name,
    name: Name,
    count: u64,
    bytes: u64,
    is_denied: bool,
}

impl Gate {
    fn new(budget: &Budget) -> Self {
        Self {
            tallies: Vec::new(),
            current: 0,
            denied: Vec::new(),
            bytes_left: budget.host_bytes,
            bytes_limit: budget.host_bytes,
        }
    }

    /// Denies host functions, named as `module.name`.
    pub(crate) fn deny(&mut self, functions: Vec<String>) {
        self.denied = functions;
    }

    /// Notes that a host function is called, and says whether it may be. Machines ask this before every host
    /// function, and answer one that may not be called by [`crate::machine::rules::denied`].
    #[must_use]
    pub fn enter(&mut self, module: &Name, name: &Name) -> bool {
        // A machine's linked functions keep their names: the same text at another place is rare, and still found.
        let is_one = |one: &str, other: &str| std::ptr::eq(one, other);
        let is_same = |tally: &Tally| is_one(&tally.name, name) && is_one(&tally.module, module);
        let is_equal = |tally: &Tally| (&tally.module, &tally.name) == (module, name);
        let found = self.tallies.iter().position(is_same).or_else(|| self.tallies.iter().position(is_equal));
        self.current = found.unwrap_or_else(|| {
            let is_this = |denied: &String| denied.split_once('.') == Some((&**module, &**name));
            let is_denied = self.denied.iter().any(is_this);
            self.tallies.push(Tally {
                module: module.clone(),
                name: name.clone(),
                count: 0,
                bytes: 0,
                is_denied,
            });
            self.tallies.len() - 1
        });
        let Some(tally) = self.tallies.get_mut(self.current) else { return true };
        tally.count = tally.count.saturating_add(1);
        !tally.is_denied
    }

    /// The module and the name of the function that was entered last: of the current call, as long as it has not let
    /// the guest call another one.
    #[must_use]
    pub fn current(&self) -> (&str, &str) {
        self.tallies.get(self.current).map_or(("", ""), |tally| (&tally.module, &tally.name))
    }

    /// Charges bytes that the current call copies or makes the host keep for a moment.
    ///
    /// # Errors
    /// [`Trap::Stopped`] with [`Limit::HostBytes`] once the budget is used up.
    pub fn charge(&mut self, bytes: u64) -> Result<(), Trap> {
        let tally = self.tallies.get_mut(self.current);
        if let Some(tally) = tally {
            tally.bytes = tally.bytes.saturating_add(bytes);
        }
        match self.bytes_left.checked_sub(bytes) {
            Some(left) => {
                self.bytes_left = left;
                Ok(())
            }
            None => Err(Trap::Stopped(Stopped {
                limit: Limit::HostBytes,
                detail: format!(
                    "`{}` copied more than the {} bytes that host calls may copy",
                    self.current().1,
                    words::grouped(self.bytes_limit)
                ),
            })),
        }
    }

    /// What was called, by name, with how often and how many bytes.
    #[must_use]
    pub fn counts(&self) -> Vec<HostCallCount> {
        let mut tallies: Vec<&Tally> = self.tallies.iter().collect();
        tallies.sort_by_key(|tally| (&tally.module, &tally.name));
        let count = |tally: &Tally| HostCallCount {
            function: format!("{}.{}", tally.module, tally.name),
            count: tally.count,
            bytes: tally.bytes,
        };
        tallies.into_iter().map(count).collect()
    }
}
