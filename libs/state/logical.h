// A state as lines of facts, and a hash of them: two states that hold the same facts have the same lines, however often
// the records that brought them were sent, and however RocksDB has laid them out. Each service says in its logical.h
// what its facts are; a line begins with its kind of fact. For verify, and to compare states in tests.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "state/store.h"

namespace kawat::state {

using LineVisitor = std::function<void(std::string line)>;

// The keys with a prefix; the first that fits holds.
struct LogicalKind {
  std::string_view prefix;
  // Decodes the value, and visits none or more lines; none: it is no fact, or follows from others. DataLoss: damaged.
  std::function<absl::Status(std::string_view rest_of_key, std::string_view value, const LineVisitor& visit)> lines;
};

// The lines of all keys, in their order. Keys that begin with the byte 0x00 are of who runs the shard (offsets, owner)
// and are left out; a key of no kind becomes a line of its own, so that nothing new is left out unseen.
// DataLoss names the key that does not decode.
absl::Status VisitKinds(const Reader& state, std::span<const LogicalKind> kinds, const LineVisitor& visit);

// 64 hex digits over the lines that `visit_all` visits.
absl::StatusOr<std::string> FingerprintOf(const std::function<absl::Status(const LineVisitor&)>& visit_all);

// For a line: any bytes as printable text without spaces; and long ones as their hash.
std::string Printable(std::string_view bytes);
std::string Digest(std::string_view bytes);

}  // namespace kawat::state
