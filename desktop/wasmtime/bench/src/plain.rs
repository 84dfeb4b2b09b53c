//! wasmtime as anybody would use it: its defaults, its own WASI, no fuel, no deadline.
//!
//! Refuses to be tuned: it is what the machine here is held against.

use std::error::Error;

use wasmtime::{Engine, InstancePre, Linker, Module, Store};
use wasmtime_wasi::WasiCtxBuilder;
use wasmtime_wasi::p1::{WasiP1Ctx, add_to_linker_sync};
use wasmtime_wasi::p2::pipe::{MemoryInputPipe, MemoryOutputPipe};

/// What a guest may print: as much as the budget's default.
const STDOUT_BYTES: usize = 16 << 20;

/// An engine with WASI linked.
pub(crate) struct Plain {
    engine: Engine,
    linker: Linker<WasiP1Ctx>,
}

impl Plain {
    pub(crate) fn new() -> Result<Self, Box<dyn Error>> {
        let engine = Engine::default();
        let mut linker = Linker::new(&engine);
        add_to_linker_sync(&mut linker, |wasi| wasi)?;
        Ok(Self { engine, linker })
    }

    pub(crate) fn prepare(&self, module: &[u8]) -> Result<InstancePre<WasiP1Ctx>, Box<dyn Error>> {
        Ok(self.linker.instantiate_pre(&Module::from_binary(&self.engine, module)?)?)
    }

    pub(crate) fn run(&self, prepared: &InstancePre<WasiP1Ctx>, stdin: &[u8]) -> Result<(), Box<dyn Error>> {
        let stdout = MemoryOutputPipe::new(STDOUT_BYTES);
        let wasi = WasiCtxBuilder::new()
            .arg("fn")
            .stdin(MemoryInputPipe::new(stdin.to_vec()))
            .stdout(stdout.clone())
            .build_p1();
        let mut store = Store::new(&self.engine, wasi);
        let instance = prepared.instantiate(&mut store)?;
        let start = instance.get_typed_func::<(), ()>(&mut store, "_start")?;
        match start.call(&mut store, ()) {
            Err(error) if error.downcast_ref::<wasmtime_wasi::I32Exit>().is_none_or(|exit| exit.0 != 0) => {
                Err(error.into())
            }
            _ => Ok(drop(stdout.contents())),
        }
    }
}
