//! The bytes of files: reading, writing and resizing within the budget.
//!
//! A hole is kept as zeros and charged: what a guest sees as its file's size is what it pays for.

use super::{Errno, Files, Kind, NodeId};

impl Files {
    /// The size of a node in bytes: of a file its content, of a link its target, of a directory 0.
    pub(in crate::wasi) fn size(&self, id: NodeId) -> Result<u64, Errno> {
        Ok(match &self.node(id)?.kind {
            Kind::File(bytes) => bytes.len() as u64,
            Kind::Directory(_) => 0,
            Kind::Link(target) => target.len() as u64,
        })
    }

    /// Copies bytes from `offset` on; gives how many, 0 at the end of the file.
    pub(in crate::wasi) fn read_at(&self, id: NodeId, offset: u64, into: &mut [u8]) -> Result<usize, Errno> {
        let Kind::File(bytes) = &self.node(id)?.kind else { return Err(Errno::Isdir) };
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
        let from = bytes.get(start..).unwrap_or_default();
        for (slot, byte) in into.iter_mut().zip(from) {
            *slot = *byte;
        }
        Ok(from.len().min(into.len()))
    }

    /// Writes at `offset`, filling a gap with zeros; gives how many bytes fitted.
    ///
    /// # Errors
    /// `NOSPC` when none fitted.
    pub(in crate::wasi) fn write_at(
        &mut self,
        id: NodeId,
        offset: u64,
        bytes: &[u8],
        now: u64,
    ) -> Result<usize, Errno> {
        if bytes.is_empty() {
            return Ok(0);
        }
        let size = self.size(id)?;
        let most = size.saturating_add(self.limit.saturating_sub(self.used));
        let wanted = offset.checked_add(bytes.len() as u64).ok_or(Errno::Fbig)?;
        let end = wanted.min(most);
        if end <= offset {
            return Err(Errno::Nospc);
        }
        if end > size {
            self.resize(id, end, now)?;
        }
        let start = usize::try_from(offset).map_err(|_| Errno::Fbig)?;
        let count = usize::try_from(end - offset).map_err(|_| Errno::Fbig)?;
        let node = self.node_mut(id)?;
        let Kind::File(content) = &mut node.kind else { return Err(Errno::Isdir) };
        let place = content.get_mut(start..).unwrap_or_default();
        for (slot, byte) in place.iter_mut().zip(bytes) {
            *slot = *byte;
        }
        node.times.modified = now;
        node.times.changed = now;
        Ok(count)
    }

    /// Cuts a file or fills it with zeros up to `size`.
    ///
    /// # Errors
    /// `NOSPC` when the budget does not allow it; nothing is changed then. `ISDIR` for a directory.
    pub(in crate::wasi) fn resize(&mut self, id: NodeId, size: u64, now: u64) -> Result<(), Errno> {
        if !matches!(self.node(id)?.kind, Kind::File(_)) {
            return Err(Errno::Isdir);
        }
        let old = self.size(id)?;
        let wanted = usize::try_from(size).map_err(|_| Errno::Fbig)?;
        if size > old {
            self.charge(size - old)?;
        }
        let node = self.node_mut(id)?;
        let Kind::File(content) = &mut node.kind else { return Err(Errno::Isdir) };
        content.resize(wanted, 0);
        if size < old {
            content.shrink_to(wanted.saturating_mul(2));
        }
        node.times.modified = now;
        node.times.changed = now;
        self.refund(old.saturating_sub(size));
        Ok(())
    }
}
