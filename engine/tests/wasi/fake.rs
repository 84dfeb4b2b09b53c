//! A guest that is only a memory, and calls to the table as short as the tests need them.
//!
//! It runs no WebAssembly.

use engine::host::Host;
use engine::machine::{Args, Guest, OutOfBounds, Trap, Value, ValueType};
use engine::request::{Budget, World};
use engine::wasi::{Grant, functions};

/// Where the tests keep paths and buffers.
pub(crate) const PATH: u32 = 1 << 10;
pub(crate) const OTHER_PATH: u32 = 8 << 10;
pub(crate) const BUFFER: u32 = 64 << 10;
/// Where results go.
pub(crate) const RESULT: u32 = 16;
/// Where vectors lie.
pub(crate) const VECTORS: u32 = 32 << 10;

/// The preopened directories: everything, and one that may only be read.
pub(crate) const ROOT: u32 = 3;
pub(crate) const READ_ONLY: u32 = 4;

pub(crate) const FOLLOW: u32 = 1;
pub(crate) const CREATE: u32 = 1;
pub(crate) const DIRECTORY: u32 = 2;
pub(crate) const EXCLUSIVE: u32 = 4;
pub(crate) const TRUNCATE: u32 = 8;
pub(crate) const APPEND: u32 = 1;
pub(crate) const READ: u64 = 1 << 1;
pub(crate) const WRITE: u64 = 1 << 6;

/// A guest without code.
pub(crate) struct Fake {
    pub(crate) memory: Vec<u8>,
    pub(crate) host: Host,
}

impl Guest for Fake {
    fn memory_size(&self) -> u64 {
        self.memory.len() as u64
    }

    fn read(&self, address: u64, into: &mut [u8]) -> Result<(), OutOfBounds> {
        let range = self.range(address, into.len())?;
        into.copy_from_slice(&self.memory[range]);
        Ok(())
    }

    fn write(&mut self, address: u64, bytes: &[u8]) -> Result<(), OutOfBounds> {
        let range = self.range(address, bytes.len())?;
        self.memory[range].copy_from_slice(bytes);
        Ok(())
    }

    fn call(&mut self, export: &str, _args: &[Value]) -> Result<Option<Value>, Trap> {
        Err(Trap::Host(format!("no `{export}` here")))
    }

    fn host(&mut self) -> &mut Host {
        &mut self.host
    }
}

impl Fake {
    /// With `/` to change, `readonly` to read, and the budget as published.
    pub(crate) fn new() -> Self {
        Self::with(Budget::default())
    }

    pub(crate) fn with(budget: Budget) -> Self {
        let mut host = Host::new(&budget, &World::default());
        host.wasi.files_mut().write("readonly/file", b"untouched").unwrap();
        host.wasi.preopen("/", "", Grant::ReadWrite).unwrap();
        host.wasi.preopen("readonly", "readonly", Grant::ReadOnly).unwrap();
        Self { memory: vec![0; 1 << 20], host }
    }

    fn range(&self, address: u64, length: usize) -> Result<std::ops::Range<usize>, OutOfBounds> {
        let size = self.memory_size();
        let end = address.checked_add(length as u64).filter(|end| *end <= size);
        let end = end.ok_or(OutOfBounds { address, length: length as u64, size })?;
        Ok(usize::try_from(address).unwrap()..usize::try_from(end).unwrap())
    }

    /// Calls a function of the table with these arguments, each taken as the type it has there.
    pub(crate) fn raw(&mut self, name: &str, args: &[u64]) -> Result<Option<Value>, Trap> {
        let function = functions().iter().find(|function| function.name == name).unwrap();
        assert_eq!(function.params.len(), args.len(), "arguments of {name}");
        let typed = |(kind, value): (&ValueType, &u64)| match kind {
            ValueType::I32 => Value::I32(u32::try_from(*value).unwrap().cast_signed()),
            _ => Value::I64(value.cast_signed()),
        };
        let values: Vec<Value> = function.params.iter().zip(args).map(typed).collect();
        assert!(self.host.gate.enter(&function.module, &function.name));
        (function.call)(self, Args(&values))
    }

    /// As [`Fake::raw`], for calls that end in an error number.
    pub(crate) fn run(&mut self, name: &str, args: &[u64]) -> Result<(), &'static str> {
        match self.raw(name, args) {
            Ok(Some(Value::I32(0))) => Ok(()),
            Ok(Some(Value::I32(number))) => Err(errno(number)),
            other => panic!("{name} ended in {other:?}"),
        }
    }

    /// Lays text at an address; gives what a function takes for it.
    pub(crate) fn put(&mut self, address: u32, bytes: &[u8]) -> (u64, u64) {
        Guest::write(self, u64::from(address), bytes).unwrap();
        (u64::from(address), bytes.len() as u64)
    }

    pub(crate) fn u32_at(&self, address: u32) -> u32 {
        let mut bytes = [0; 4];
        Guest::read(self, u64::from(address), &mut bytes).unwrap();
        u32::from_le_bytes(bytes)
    }

    pub(crate) fn u64_at(&self, address: u32) -> u64 {
        let mut bytes = [0; 8];
        Guest::read(self, u64::from(address), &mut bytes).unwrap();
        u64::from_le_bytes(bytes)
    }

    pub(crate) fn bytes_at(&self, address: u32, length: u32) -> Vec<u8> {
        let mut bytes = vec![0; length as usize];
        Guest::read(self, u64::from(address), &mut bytes).unwrap();
        bytes
    }

    /// `path_open` with everything.
    pub(crate) fn open_with(
        &mut self,
        fd: u32,
        path: &str,
        (lookup, open): (u32, u32),
        (base, inheriting): (u64, u64),
        flags: u32,
    ) -> Result<u32, &'static str> {
        let (address, length) = self.put(PATH, path.as_bytes());
        let (lookup, open, flags) = (u64::from(lookup), u64::from(open), u64::from(flags));
        self.run(
            "path_open",
            &[u64::from(fd), lookup, address, length, open, base, inheriting, flags, u64::from(RESULT)],
        )?;
        Ok(self.u32_at(RESULT))
    }

    /// A file to read and write, made if it is not there.
    pub(crate) fn create(&mut self, path: &str) -> u32 {
        self.open_with(ROOT, path, (0, CREATE), (READ | WRITE, 0), 0).unwrap()
    }

    pub(crate) fn open_directory(&mut self, path: &str) -> u32 {
        self.open_with(ROOT, path, (0, DIRECTORY), (0, 0), 0).unwrap()
    }

    pub(crate) fn close(&mut self, fd: u32) -> Result<(), &'static str> {
        self.run("fd_close", &[u64::from(fd)])
    }

    /// A function that takes a directory and a path.
    pub(crate) fn on_path(&mut self, name: &str, fd: u32, path: &str) -> Result<(), &'static str> {
        let (address, length) = self.put(PATH, path.as_bytes());
        self.run(name, &[u64::from(fd), address, length])
    }

    /// Lays vectors of these lengths over the buffer, one after the other.
    pub(crate) fn vectors(&mut self, lengths: &[u32]) {
        let mut address = BUFFER;
        for (index, length) in lengths.iter().enumerate() {
            let at = VECTORS + u32::try_from(index).unwrap() * 8;
            self.put(at, &address.to_le_bytes());
            self.put(at + 4, &length.to_le_bytes());
            address += length;
        }
    }

    pub(crate) fn write(&mut self, fd: u32, bytes: &[u8]) -> Result<u32, &'static str> {
        self.put(BUFFER, bytes);
        self.vectors(&[u32::try_from(bytes.len()).unwrap()]);
        self.run("fd_write", &[u64::from(fd), u64::from(VECTORS), 1, u64::from(RESULT)])?;
        Ok(self.u32_at(RESULT))
    }

    pub(crate) fn read(&mut self, fd: u32, length: u32) -> Result<Vec<u8>, &'static str> {
        self.vectors(&[length]);
        self.run("fd_read", &[u64::from(fd), u64::from(VECTORS), 1, u64::from(RESULT)])?;
        let count = self.u32_at(RESULT);
        Ok(self.bytes_at(BUFFER, count))
    }

    pub(crate) fn pwrite(&mut self, fd: u32, offset: u64, bytes: &[u8]) -> Result<u32, &'static str> {
        self.put(BUFFER, bytes);
        self.vectors(&[u32::try_from(bytes.len()).unwrap()]);
        self.run("fd_pwrite", &[u64::from(fd), u64::from(VECTORS), 1, offset, u64::from(RESULT)])?;
        Ok(self.u32_at(RESULT))
    }

    pub(crate) fn pread(&mut self, fd: u32, offset: u64, length: u32) -> Result<Vec<u8>, &'static str> {
        self.vectors(&[length]);
        self.run("fd_pread", &[u64::from(fd), u64::from(VECTORS), 1, offset, u64::from(RESULT)])?;
        let count = self.u32_at(RESULT);
        Ok(self.bytes_at(BUFFER, count))
    }

    pub(crate) fn seek(&mut self, fd: u32, by: i64, whence: u64) -> Result<u64, &'static str> {
        self.run("fd_seek", &[u64::from(fd), by.cast_unsigned(), whence, u64::from(RESULT)])?;
        Ok(self.u64_at(RESULT))
    }

    pub(crate) fn stat(&mut self, fd: u32) -> Result<Stat, &'static str> {
        self.run("fd_filestat_get", &[u64::from(fd), u64::from(BUFFER)])?;
        Ok(self.stat_at_buffer())
    }

    pub(crate) fn path_stat(&mut self, fd: u32, lookup: u32, path: &str) -> Result<Stat, &'static str> {
        let (address, length) = self.put(PATH, path.as_bytes());
        let args = [u64::from(fd), u64::from(lookup), address, length, u64::from(BUFFER)];
        self.run("path_filestat_get", &args)?;
        Ok(self.stat_at_buffer())
    }

    fn stat_at_buffer(&self) -> Stat {
        Stat {
            device: self.u64_at(BUFFER),
            inode: self.u64_at(BUFFER + 8),
            kind: self.bytes_at(BUFFER + 16, 1)[0],
            links: self.u64_at(BUFFER + 24),
            size: self.u64_at(BUFFER + 32),
            accessed: self.u64_at(BUFFER + 40),
            modified: self.u64_at(BUFFER + 48),
            changed: self.u64_at(BUFFER + 56),
        }
    }

    /// Type, flags, base and inheriting rights of a descriptor.
    pub(crate) fn fdstat(&mut self, fd: u32) -> Result<(u8, u8, u64, u64), &'static str> {
        self.run("fd_fdstat_get", &[u64::from(fd), u64::from(BUFFER)])?;
        let head = self.bytes_at(BUFFER, 4);
        Ok((head[0], head[2], self.u64_at(BUFFER + 8), self.u64_at(BUFFER + 16)))
    }
}

/// The interface's `filestat`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stat {
    pub(crate) device: u64,
    pub(crate) inode: u64,
    pub(crate) kind: u8,
    pub(crate) links: u64,
    pub(crate) size: u64,
    pub(crate) accessed: u64,
    pub(crate) modified: u64,
    pub(crate) changed: u64,
}

/// The interface's name of an error number.
pub(crate) fn errno(number: i32) -> &'static str {
    const NAMES: &[(i32, &str)] = &[
        (8, "BADF"),
        (10, "BUSY"),
        (20, "EXIST"),
        (21, "FAULT"),
        (22, "FBIG"),
        (25, "ILSEQ"),
        (28, "INVAL"),
        (31, "ISDIR"),
        (32, "LOOP"),
        (33, "MFILE"),
        (37, "NAMETOOLONG"),
        (44, "NOENT"),
        (51, "NOSPC"),
        (54, "NOTDIR"),
        (55, "NOTEMPTY"),
        (57, "NOTSOCK"),
        (58, "NOTSUP"),
        (61, "OVERFLOW"),
        (63, "PERM"),
        (70, "SPIPE"),
        (76, "NOTCAPABLE"),
    ];
    NAMES.iter().find(|(known, _)| *known == number).expect("a known error number").1
}
