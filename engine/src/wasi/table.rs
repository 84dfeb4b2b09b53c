//! The functions of the snapshot as data: names and signatures as the interface fixes them.
//!
//! Nothing is computed here. The source is `wasi_snapshot_preview1.witx`.

use std::borrow::Cow::Borrowed;

use super::errno::answer;
use super::{
    clock, descriptors, fdstat, filestat, open, path, poll, process, random, readdir, socket, transfer,
};
use crate::machine::HostFunction;
use crate::machine::ValueType::{I32, I64};

/// The module name that guests import from.
/// The import module.
pub(crate) const MODULE: &str = "wasi_snapshot_preview1";

/// An entry of the table whose function gives an error number.
macro_rules! entry {
    ($name:literal, [$($kind:ident),*], $function:path) => {
        HostFunction {
            module: Borrowed(MODULE),
            name: Borrowed($name),
            params: &[$($kind),*],
            result: Some(I32),
            call: |guest, args| answer($function(guest, args)),
        }
    };
}

/// Every function of the snapshot.
pub(super) static FUNCTIONS: &[HostFunction] = &[
    entry!("args_get", [I32, I32], process::args_get),
    entry!("args_sizes_get", [I32, I32], process::args_sizes_get),
    entry!("environ_get", [I32, I32], process::environ_get),
    entry!("environ_sizes_get", [I32, I32], process::environ_sizes_get),
    entry!("clock_res_get", [I32, I32], clock::clock_res_get),
    entry!("clock_time_get", [I32, I64, I32], clock::clock_time_get),
    entry!("fd_advise", [I32, I64, I64, I32], filestat::fd_advise),
    entry!("fd_allocate", [I32, I64, I64], filestat::fd_allocate),
    entry!("fd_close", [I32], descriptors::fd_close),
    entry!("fd_datasync", [I32], filestat::fd_datasync),
    entry!("fd_fdstat_get", [I32, I32], fdstat::fd_fdstat_get),
    entry!("fd_fdstat_set_flags", [I32, I32], fdstat::fd_fdstat_set_flags),
    entry!("fd_fdstat_set_rights", [I32, I64, I64], fdstat::fd_fdstat_set_rights),
    entry!("fd_filestat_get", [I32, I32], filestat::fd_filestat_get),
    entry!("fd_filestat_set_size", [I32, I64], filestat::fd_filestat_set_size),
    entry!("fd_filestat_set_times", [I32, I64, I64, I32], filestat::fd_filestat_set_times),
    entry!("fd_pread", [I32, I32, I32, I64, I32], transfer::fd_pread),
    entry!("fd_prestat_get", [I32, I32], fdstat::fd_prestat_get),
    entry!("fd_prestat_dir_name", [I32, I32, I32], fdstat::fd_prestat_dir_name),
    entry!("fd_pwrite", [I32, I32, I32, I64, I32], transfer::fd_pwrite),
    entry!("fd_read", [I32, I32, I32, I32], transfer::fd_read),
    entry!("fd_readdir", [I32, I32, I32, I64, I32], readdir::fd_readdir),
    entry!("fd_renumber", [I32, I32], descriptors::fd_renumber),
    entry!("fd_seek", [I32, I64, I32, I32], transfer::fd_seek),
    entry!("fd_sync", [I32], filestat::fd_sync),
    entry!("fd_tell", [I32, I32], transfer::fd_tell),
    entry!("fd_write", [I32, I32, I32, I32], transfer::fd_write),
    entry!("path_create_directory", [I32, I32, I32], path::path_create_directory),
    entry!("path_filestat_get", [I32, I32, I32, I32, I32], path::path_filestat_get),
    entry!("path_filestat_set_times", [I32, I32, I32, I32, I64, I64, I32], path::path_filestat_set_times),
    entry!("path_link", [I32, I32, I32, I32, I32, I32, I32], path::path_link),
    entry!("path_open", [I32, I32, I32, I32, I32, I64, I64, I32, I32], open::path_open),
    entry!("path_readlink", [I32, I32, I32, I32, I32, I32], path::path_readlink),
    entry!("path_remove_directory", [I32, I32, I32], path::path_remove_directory),
    entry!("path_rename", [I32, I32, I32, I32, I32, I32], path::path_rename),
    entry!("path_symlink", [I32, I32, I32, I32, I32], path::path_symlink),
    entry!("path_unlink_file", [I32, I32, I32], path::path_unlink_file),
    entry!("poll_oneoff", [I32, I32, I32, I32], poll::poll_oneoff),
    HostFunction {
        module: Borrowed(MODULE),
        name: Borrowed("proc_exit"),
        params: &[I32],
        result: None,
        call: |guest, args| answer(process::proc_exit(guest, args)),
    },
    entry!("proc_raise", [I32], process::proc_raise),
    entry!("sched_yield", [], process::sched_yield),
    entry!("random_get", [I32, I32], random::random_get),
    entry!("sock_accept", [I32, I32, I32], socket::not_a_socket),
    entry!("sock_recv", [I32, I32, I32, I32, I32, I32], socket::not_a_socket),
    entry!("sock_send", [I32, I32, I32, I32, I32], socket::not_a_socket),
    entry!("sock_shutdown", [I32, I32], socket::not_a_socket),
];
