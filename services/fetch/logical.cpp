#include "services/fetch/logical.h"

#include <array>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "article/codec.h"
#include "base/status.h"
#include "services/fetch/frontier_state.h"

namespace kawat::fetch {
namespace {

using state::Digest;
using state::LineVisitor;
using state::Printable;

absl::Status SourceLine(std::string_view id, std::string_view value, const LineVisitor& visit) {
  KAWAT_RETURN_IF_ERROR(article::DecodeSource(value).status());
  visit(absl::StrCat("source ", Printable(id), " ", Digest(value)));
  return absl::OkStatus();
}

absl::Status UrlLine(std::string_view host_and_url, std::string_view value, const LineVisitor& visit) {
  KAWAT_ASSIGN_OR_RETURN(const UrlState state, DecodeUrlState(value));
  std::string line = absl::StrCat("url ", Printable(host_and_url.substr(host_and_url.find(' ') + 1)));
  if (state.polled) {
    absl::StrAppend(&line, " polled");
  } else {
    absl::StrAppend(&line, " outcome=", static_cast<int>(state.outcome), " reason=", static_cast<int>(state.reason),
                    " article=", Printable(state.article_id), " moved_to=", Printable(state.moved_to),
                    state.awaiting ? " awaiting" : "");
  }
  visit(std::move(line));
  return absl::OkStatus();
}

absl::Status RobotsLine(std::string_view origin, std::string_view value, const LineVisitor& visit) {
  KAWAT_ASSIGN_OR_RETURN(const RobotsState state, DecodeRobotsState(value));
  visit(absl::StrCat("robots ", Printable(origin), " status=", state.status, " reason=", static_cast<int>(state.reason),
                     " rules=", Digest(state.text)));
  return absl::OkStatus();
}

absl::Status CheckHost(std::string_view /*host*/, std::string_view value, const LineVisitor& /*visit*/) {
  return DecodeHostState(value).status();
}

absl::Status LeaveOut(std::string_view /*rest*/, std::string_view /*value*/, const LineVisitor& /*visit*/) {
  return absl::OkStatus();
}

}  // namespace

absl::Status VisitLogical(const state::Reader& state, const LineVisitor& visit) {
  const std::array kinds = {
      state::LogicalKind{kSourcePrefix, SourceLine}, state::LogicalKind{kUrlPrefix, UrlLine},
      state::LogicalKind{kRobotsPrefix, RobotsLine}, state::LogicalKind{kHostPrefix, CheckHost},
      state::LogicalKind{kBudgetPrefix, LeaveOut},   state::LogicalKind{kSeqKey, LeaveOut},
      state::LogicalKind{kOwnerKey, LeaveOut},       state::LogicalKind{kClockKey, LeaveOut},
  };
  return state::VisitKinds(state, kinds, visit);
}

absl::StatusOr<std::string> LogicalFingerprint(const state::Reader& state) {
  return state::FingerprintOf([&](const LineVisitor& visit) { return VisitLogical(state, visit); });
}

}  // namespace kawat::fetch
