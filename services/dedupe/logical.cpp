#include "services/dedupe/logical.h"

#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/hash.h"
#include "base/status.h"
#include "services/dedupe/body_window.h"
#include "services/dedupe/decision.h"

namespace kawat::dedupe {
namespace {

using state::LineVisitor;
using state::Printable;

absl::Status DecisionLines(std::string_view article_id, std::string_view value, const LineVisitor& visit) {
  KAWAT_ASSIGN_OR_RETURN(const ArticleState decision, DecodeArticleState(article_id, value));
  std::string line = absl::StrCat("decision ", Printable(article_id), " revision=", decision.revision,
                                  " content=", base::Hex(decision.content));
  if (decision.taken_down) {
    absl::StrAppend(&line, " taken_down");
  }
  if (const article::Membership& membership = decision.membership; membership.number > 0) {
    absl::StrAppend(&line, " membership=", membership.number, " cluster=", Printable(membership.cluster_id),
                    " relation=", static_cast<int>(membership.relation),
                    " original=", Printable(membership.original_id));
  }
  visit(std::move(line));
  visit(absl::StrCat("seen ", Printable(article_id), " seq=", decision.seq, " extractor=", decision.extractor_version));
  return absl::OkStatus();
}

absl::Status AliasLine(std::string_view rest, std::string_view /*value*/, const LineVisitor& visit) {
  visit(absl::StrCat("alias ", Printable(rest)));
  return absl::OkStatus();
}

absl::Status LeaveOut(std::string_view /*rest*/, std::string_view /*value*/, const LineVisitor& /*visit*/) {
  return absl::OkStatus();
}

}  // namespace

absl::Status VisitLogical(const state::Reader& state, const LineVisitor& visit) {
  std::vector<state::LogicalKind> kinds = LogicalKindsOfWindow();
  kinds.push_back({"d/", DecisionLines});  // the keys are the stage's
  kinds.push_back({"u/", AliasLine});
  kinds.push_back({"begun", LeaveOut});
  kinds.push_back({"adopting", LeaveOut});
  return state::VisitKinds(state, kinds, visit);
}

absl::StatusOr<std::string> LogicalFingerprint(const state::Reader& state) {
  return state::FingerprintOf([&](const LineVisitor& visit) { return VisitLogical(state, visit); });
}

}  // namespace kawat::dedupe
