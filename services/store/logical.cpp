#include "services/store/logical.h"

#include <array>
#include <string_view>
#include <variant>

#include "absl/strings/str_cat.h"
#include "article/codec.h"
#include "base/status.h"
#include "services/store/shard_state.h"
#include "state/fields.h"

namespace kawat::store {
namespace {

using state::Digest;
using state::LineVisitor;
using state::Printable;

std::string Text(const article::Version& version) {
  return absl::StrCat(version.log_epoch, ":", version.offset, ":", version.index);
}

absl::Status HeadLine(std::string_view article_id, std::string_view value, const LineVisitor& visit) {
  KAWAT_ASSIGN_OR_RETURN(const Head head, DecodeHead(article_id, value));
  std::string line =
      absl::StrCat("article ", Printable(article_id), " revision=", head.revision, " revisions=", head.revisions,
                   " sorted=", head.position >> kTieBits, " first_observed=", absl::ToUnixMicros(head.first_observed));
  if (head.taken_down) {
    absl::StrAppend(&line, " taken_down");
  }
  if (const article::Membership& membership = head.membership; membership.number > 0) {
    absl::StrAppend(&line, " membership=", membership.number, " cluster=", Printable(membership.cluster_id),
                    " relation=", static_cast<int>(membership.relation),
                    " original=", Printable(membership.original_id), " version=", Text(head.membership_version));
  }
  visit(std::move(line));
  return absl::OkStatus();
}

absl::Status RevisionLine(std::string_view rest, std::string_view value, const LineVisitor& visit) {
  KAWAT_ASSIGN_OR_RETURN(const Revision revision, DecodeRevision(value));
  KAWAT_ASSIGN_OR_RETURN(article::ArticleEvent event, article::DecodeArticleEvent(revision.event));
  const auto* article = std::get_if<article::Article>(&event.fact);
  if (article == nullptr) {
    return absl::DataLossError("a revision that is no article");
  }
  event.complete_below = 0;
  constexpr std::size_t kNumberBytes = 9;  // with the slash before it
  if (rest.size() < kNumberBytes || rest.substr(0, rest.size() - kNumberBytes) != article->id ||
      state::ReadOrderedNumber(rest.substr(rest.size() - 8)) != static_cast<std::uint64_t>(article->revision)) {
    return absl::DataLossError("a revision under another's key");
  }
  visit(absl::StrCat("revision ", Printable(article->id), " ", article->revision, " version=", Text(event.version),
                     " event=", Digest(article::Encode(event))));
  return absl::OkStatus();
}

absl::Status MemberLine(std::string_view rest, std::string_view value, const LineVisitor& visit) {
  KAWAT_ASSIGN_OR_RETURN(const Member member, DecodeMember(value));
  visit(absl::StrCat("member ", Printable(rest), " version=", Text(member.version)));
  return absl::OkStatus();
}

absl::Status AliasLine(std::string_view rest, std::string_view value, const LineVisitor& visit) {
  KAWAT_ASSIGN_OR_RETURN(const Alias alias, DecodeAlias(value));
  visit(absl::StrCat("alias ", Printable(rest), " article=", Printable(alias.article_id),
                     " version=", Text(alias.version)));
  return absl::OkStatus();
}

absl::Status SourceLine(std::string_view rest, std::string_view value, const LineVisitor& visit) {
  KAWAT_RETURN_IF_ERROR(article::DecodeSource(value).status());
  visit(absl::StrCat("source ", Printable(rest), " ", Digest(value)));
  return absl::OkStatus();
}

absl::Status CheckChange(std::string_view /*rest*/, std::string_view value, const LineVisitor& /*visit*/) {
  return DecodeChange(value).status();
}

absl::Status CheckRemovedSource(std::string_view /*rest*/, std::string_view value, const LineVisitor& /*visit*/) {
  return article::DecodeSource(value).status();
}

absl::Status LeaveOut(std::string_view /*rest*/, std::string_view /*value*/, const LineVisitor& /*visit*/) {
  return absl::OkStatus();
}

}  // namespace

absl::Status VisitLogical(const state::Reader& state, const LineVisitor& visit) {
  const std::array kinds = {
      state::LogicalKind{kHeads, HeadLine},     state::LogicalKind{kRevisions, RevisionLine},
      state::LogicalKind{kPositions, LeaveOut}, state::LogicalKind{kChanges, CheckChange},
      state::LogicalKind{kMembers, MemberLine}, state::LogicalKind{kAliases, AliasLine},
      state::LogicalKind{kSources, SourceLine}, state::LogicalKind{kRemovedSources, CheckRemovedSource},
      state::LogicalKind{kGroups, LeaveOut},    state::LogicalKind{kTotals, LeaveOut},
  };
  KAWAT_RETURN_IF_ERROR(state::VisitKinds(state, kinds, visit));
  KAWAT_ASSIGN_OR_RETURN(const Totals totals, ReadTotals(state));
  visit(absl::StrCat("totals articles=", totals.articles, " revisions=", totals.revisions,
                     " clusters=", totals.clusters, " sources=", totals.sources));
  return absl::OkStatus();
}

absl::StatusOr<std::string> LogicalFingerprint(const state::Reader& state) {
  return state::FingerprintOf([&](const LineVisitor& visit) { return VisitLogical(state, visit); });
}

}  // namespace kawat::store
