//! What imports are for, in plain words. It lists what is known and guesses nothing else.

/// What a function is imported for, as the end of a sentence; `not known here` where nobody knows.
#[must_use]
pub fn purpose(module: &str, name: &str) -> &'static str {
    match module {
        "wasi_snapshot_preview1" => wasi(name),
        "wasi_unstable" => "an early WASI, which nothing here provides",
        "wapc" => "calls through waPC (Kubewarden)",
        "wasi-outbound-http" | "wasi_experimental_http" => "requests over HTTP",
        "gojs" | "go" => "Go's JavaScript runtime",
        "kubernetes" => match name {
            "get" => "reading one object of the cluster (go-plugin)",
            "list" => "reading lists of objects of the cluster (go-plugin)",
            "create" | "update" | "patch" | "delete" => "changing objects of the cluster (go-plugin)",
            _ => "not known here",
        },
        "env" => match name {
            "host_k8s_api_call" => "requests to Kubernetes",
            "host_log" | "log" => "lines for a log",
            "host_get_config" => "the dashboard plugin's settings",
            "host_storage_get" | "host_storage_set" => "what the dashboard plugin stores",
            name if name.starts_with("opa_") => "OPA's evaluator",
            _ => "not known here",
        },
        _ => "not known here",
    }
}

fn wasi(name: &str) -> &'static str {
    match name {
        "args_get" | "args_sizes_get" => "arguments",
        "environ_get" | "environ_sizes_get" => "environment variables",
        "clock_time_get" | "clock_res_get" => "the clock",
        "random_get" => "random numbers",
        "poll_oneoff" => "waiting",
        "proc_exit" | "proc_raise" | "sched_yield" => "ending itself, signals and turns",
        "fd_read"
        | "fd_write"
        | "fd_close"
        | "fd_seek"
        | "fd_tell"
        | "fd_fdstat_get"
        | "fd_fdstat_set_flags" => "stdin, stdout, stderr and open files",
        name if name.starts_with("fd_") || name.starts_with("path_") => "files and folders",
        name if name.starts_with("sock_") => "sockets, of which there are none here",
        _ => "not known here",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purposes_are_told_apart() {
        for (module, name, expected) in [
            ("wasi_snapshot_preview1", "fd_write", "stdin, stdout, stderr and open files"),
            ("wasi_snapshot_preview1", "path_open", "files and folders"),
            ("wasi_snapshot_preview1", "invented", "not known here"),
            ("env", "host_k8s_api_call", "requests to Kubernetes"),
            ("env", "host_storage_set", "what the dashboard plugin stores"),
            ("env", "opa_abort", "OPA's evaluator"),
            ("env", "f", "not known here"),
            ("kubernetes", "get", "reading one object of the cluster (go-plugin)"),
            ("kubernetes", "watch", "not known here"),
        ] {
            assert_eq!(purpose(module, name), expected, "{module}.{name}");
        }
    }
}
