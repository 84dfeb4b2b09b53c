//! A live guest on wasmtime: called on its own thread, waited for in slices.

use std::time::{Duration, Instant};

use engine::host::Host;
use engine::machine::limits::Limits;
use engine::machine::rules::{self, START_FUEL};
use engine::machine::{Fault, Guest, Instance, Step, Stopped, Trap, Value};
use engine::report::Limit;
use engine::request::{Budget, World};
use engine::words;
use wasmtime::{Error, ExternType, InstancePre, Memory, Module, Store, Val};

use crate::guest::{WasmtimeGuest, exported_memory};
use crate::limits::Limiter;
use crate::thread::{Ended, SLICE, Thread, Waited, Work, defect};
use crate::{Metering, from_wasmtime, to_wasmtime};

/// What the store holds beside the guest.
pub(crate) struct State {
    pub(crate) host: Host,
    pub(crate) limits: Limiter,
    pub(crate) instance: Option<wasmtime::Instance>,
    pub(crate) memory: Option<Memory>,
    pub(crate) reentry: u32,
    fuel_budget: u64,
}

/// A live guest.
pub(crate) struct WasmtimeInstance {
    thread: Thread,
    /// Here between calls, on the thread during one.
    store: Option<Store<State>>,
    module: Module,
    metering: Metering,
    budget: Budget,
}

/// Instantiates and runs the start function, which may take as long as the whole run: nothing can pause there.
pub(crate) fn start(
    pre: &InstancePre<State>,
    metering: Metering,
    host: Host,
    budget: &Budget,
) -> Result<WasmtimeInstance, (Trap, Box<Host>)> {
    let module = pre.module().clone();
    let thread = match Thread::start(module.engine()) {
        Ok(thread) => thread,
        Err(error) => {
            return Err((
                Trap::Host(format!("no thread can be made for the guest: {error}")),
                Box::new(host),
            ));
        }
    };
    let store = store(&module, host, budget, &thread);
    let mut instance = WasmtimeInstance { thread, store: None, module, metering, budget: *budget };
    instance.thread.begin(store, instantiate(pre.clone()));
    match instance.started() {
        Ok(()) => Ok(instance),
        Err(trap) => Err((trap, Box::new(Box::new(instance).into_host()))),
    }
}

/// A store with the fuel of a start function.
fn store(module: &Module, host: Host, budget: &Budget, thread: &Thread) -> Store<State> {
    let limits = Limiter(Limits::new(budget));
    let state = State { host, limits, instance: None, memory: None, reentry: 0, fuel_budget: budget.fuel };
    let mut store = Store::new(module.engine(), state);
    store.limiter(|state| &mut state.limits);
    thread.watch(&mut store);
    // It fails where fuel is not counted.
    let _ = store.set_fuel(budget.fuel.min(START_FUEL));
    store
}

fn instantiate(pre: InstancePre<State>) -> Work {
    Box::new(move |store| match pre.instantiate(&mut *store) {
        Ok(instance) => {
            let memory = exported_memory(|name| instance.get_export(&mut *store, name));
            let state = store.data_mut();
            (state.instance, state.memory) = (Some(instance), memory);
            Ok(None)
        }
        Err(error) => Err(start_trap(&error, store.data())),
    })
}

fn start_trap(error: &Error, state: &State) -> Trap {
    if trap_code(error) == Some(wasmtime::Trap::OutOfFuel) {
        return rules::start_out_of_fuel();
    }
    match state.limits.0.refused() {
        Some(stopped) => Trap::Stopped(stopped),
        None if error.is::<Trap>() || error.is::<wasmtime::Trap>() => to_trap(error, state),
        None => Trap::Host(format!("{error:#}")),
    }
}

/// One name for each way a call can end, whatever wasmtime calls it.
pub(crate) fn to_trap(error: &Error, state: &State) -> Trap {
    use wasmtime::Trap as Code;
    if let Some(trap) = error.downcast_ref::<Trap>() {
        return trap.clone();
    }
    let fault = match trap_code(error) {
        Some(Code::OutOfFuel) => return rules::out_of_fuel(state.fuel_budget),
        Some(Code::UnreachableCodeReached) => Fault::Unreachable,
        Some(Code::MemoryOutOfBounds) => Fault::MemoryOutOfBounds,
        Some(Code::TableOutOfBounds) => Fault::TableOutOfBounds,
        Some(Code::IndirectCallToNull) => Fault::IndirectCallToNull,
        Some(Code::IntegerDivisionByZero) => Fault::DivisionByZero,
        Some(Code::IntegerOverflow) => Fault::IntegerOverflow,
        Some(Code::BadConversionToInteger) => Fault::BadConversion,
        Some(Code::StackOverflow) => Fault::StackExhausted,
        Some(Code::BadSignature) => Fault::BadSignature,
        _ => Fault::Other,
    };
    state.limits.0.explain(fault)
}

fn trap_code(error: &Error) -> Option<wasmtime::Trap> {
    error.downcast_ref::<wasmtime::Trap>().copied()
}

impl WasmtimeInstance {
    /// Waits for the start function. Its fuel is bounded; its time is where fuel is not counted, or a host call
    /// blocks.
    fn started(&mut self) -> Result<(), Trap> {
        let begin = Instant::now();
        let limit = Duration::from_millis(self.budget.time_ms);
        loop {
            match self.step() {
                Step::Returned(_) => break,
                Step::Trapped(trap) => return Err(trap),
                Step::Paused if begin.elapsed() < limit => {}
                Step::Paused => {
                    let limit = words::millis(self.budget.time_ms);
                    let detail = format!("the module's start function ran into the {limit} time limit");
                    return Err(Trap::Stopped(Stopped { limit: Limit::Time, detail }));
                }
            }
        }
        let store = self.store();
        let used = store.data().fuel_budget.min(START_FUEL).saturating_sub(store.get_fuel().unwrap_or(0));
        let _ = store.set_fuel(store.data().fuel_budget.saturating_sub(used));
        Ok(())
    }

    /// Waits for one slice.
    fn step(&mut self) -> Step {
        match self.thread.wait(SLICE) {
            Waited::Running => Step::Paused,
            Waited::Lost => Step::Trapped(defect()),
            Waited::Ended(store, ended) => {
                self.store = Some(store);
                ended.map_or_else(Step::Trapped, Step::Returned)
            }
        }
    }

    /// The store, which is here between calls. During one, the call is stopped; and where its thread does not
    /// give the store back, there is a new one that knows nothing.
    fn store(&mut self) -> &mut Store<State> {
        let Self { thread, store: held, module, budget, .. } = self;
        if held.is_none() {
            *held = thread.stop();
        }
        held.get_or_insert_with(|| store(module, Host::new(budget, &World::default()), budget, thread))
    }

    /// The call of an export, to be done on the thread.
    fn work_for(&mut self, export: &str, args: &[Value]) -> Result<Work, Trap> {
        let mut store = self.store();
        let function = store.data().instance.and_then(|instance| instance.get_func(&mut store, export));
        let function = function.ok_or_else(|| rules::not_exported(export))?;
        let signature = function.ty(&store);
        if signature.params().len() != args.len() {
            return Err(rules::other_parameters(export, signature.params().len(), args.len()));
        }
        let inputs: Vec<Val> = args.iter().copied().map(to_wasmtime).collect();
        let mut outputs = vec![Val::I32(0); signature.results().len()];
        Ok(Box::new(move |store| -> Ended {
            let called = function.call(&mut *store, &inputs, &mut outputs);
            called.map_err(|error| to_trap(&error, store.data()))?;
            Ok(outputs.first().and_then(from_wasmtime))
        }))
    }
}

impl Instance for WasmtimeInstance {
    fn call(&mut self, export: &str, args: &[Value]) -> Step {
        match self.work_for(export, args) {
            Err(trap) => Step::Trapped(trap),
            Ok(work) => match self.store.take() {
                Some(store) => {
                    self.thread.begin(store, work);
                    self.step()
                }
                None => Step::Trapped(defect()),
            },
        }
    }

    fn resume(&mut self) -> Step {
        match self.thread.is_busy() {
            true => self.step(),
            false => Step::Trapped(rules::not_paused()),
        }
    }

    fn exports(&self, function: &str) -> bool {
        matches!(self.module.get_export(function), Some(ExternType::Func(_)))
    }

    fn guest(&mut self) -> Box<dyn Guest + '_> {
        let context = self.store();
        let memory = context.data().memory;
        Box::new(WasmtimeGuest { context, memory })
    }

    fn fuel_used(&self) -> u64 {
        let left = match &self.store {
            Some(store) => store.get_fuel().unwrap_or(0),
            None => self.thread.noted().fuel,
        };
        match self.metering {
            Metering::On => self.budget.fuel.saturating_sub(left),
            Metering::Off => 0,
        }
    }

    fn memory_peak(&self) -> u64 {
        match &self.store {
            Some(store) => store.data().limits.0.memory.peak(),
            None => self.thread.noted().memory,
        }
    }

    fn into_host(mut self: Box<Self>) -> Host {
        match self.store.take().or_else(|| self.thread.stop()) {
            Some(store) => store.into_data().host,
            None => Host::new(&self.budget, &World::default()),
        }
    }
}
