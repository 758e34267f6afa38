#include "state/logical.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "base/hash.h"
#include "base/status.h"

namespace kawat::state {

absl::Status VisitKinds(const Reader& state, std::span<const LogicalKind> kinds, const LineVisitor& visit) {
  absl::Status damage;
  KAWAT_RETURN_IF_ERROR(state.Scan("", "", [&](std::string_view key, std::string_view value) {
    if (key.starts_with('\0')) {
      return true;
    }
    const auto kind =
        std::find_if(kinds.begin(), kinds.end(), [&](const LogicalKind& each) { return key.starts_with(each.prefix); });
    if (kind == kinds.end()) {
      visit(absl::StrCat("other ", Printable(key), " ", Digest(value)));
      return true;
    }
    if (absl::Status status = kind->lines(key.substr(kind->prefix.size()), value, visit); !status.ok()) {
      damage = absl::DataLossError(absl::StrCat("the key ", Printable(key), ": ", std::string(status.message())));
    }
    return damage.ok();
  }));
  return damage;
}

absl::StatusOr<std::string> FingerprintOf(const std::function<absl::Status(const LineVisitor&)>& visit_all) {
  base::Sha256Stream hash;
  KAWAT_RETURN_IF_ERROR(visit_all([&](const std::string& line) {
    hash.Add(line);
    hash.Add("\n");
  }));
  return base::Hex(hash.Finish());
}

std::string Printable(std::string_view bytes) {
  return absl::StrReplaceAll(absl::CHexEscape(absl::string_view(bytes.data(), bytes.size())), {{" ", "\\x20"}});
}

std::string Digest(std::string_view bytes) { return base::Hex(base::Sha256(bytes).substr(0, 16)); }

}  // namespace kawat::state
