#include "services/fetch/frontier_state.h"

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "services/fetch/bytes.h"

namespace kawat::fetch {
namespace {

constexpr std::int64_t kVersion = 1;  // first in each value

absl::Status Damaged(std::string_view what) {
  return absl::DataLossError(absl::StrCat("the stored ", std::string(what), " does not decode"));
}

}  // namespace

std::string Encode(const UrlState& state) {
  ByteWriter out;
  out.Int(kVersion);
  out.Text(state.source_id);
  out.Int(static_cast<int>(state.kind));
  out.Int(state.depth);
  out.Bool(state.polled);
  out.Text(state.title);
  out.OptionalTime(state.published_time);
  out.OptionalTime(state.modified_time);
  out.Int(static_cast<std::int64_t>(state.titles.size()));
  for (const auto& [feed, title] : state.titles) {
    out.Int(static_cast<std::int64_t>(feed));
    out.Int(static_cast<std::int64_t>(title));
  }
  out.Texts(state.redirect_chain);
  out.Text(state.etag);
  out.Text(state.last_modified);
  out.Int(static_cast<int>(state.outcome));
  out.Int(static_cast<int>(state.reason));
  out.Text(state.detail);
  out.Text(state.article_id);
  out.Text(state.moved_to);
  out.Int(state.http_status);
  out.Int(state.requests);
  out.Int(state.seq);
  out.Bool(state.awaiting);
  out.Int(state.failures);
  out.Int(state.wanted);
  out.OptionalTime(state.last_request_time);
  out.OptionalTime(state.due);
  return out.Take();
}

absl::StatusOr<UrlState> DecodeUrlState(std::string_view bytes) {
  ByteReader in(bytes);
  if (in.Int() != kVersion) {
    return Damaged("URL");
  }
  UrlState state;
  state.source_id = in.Text();
  state.kind = static_cast<article::LinkKind>(in.Int());
  state.depth = static_cast<int>(in.Int());
  state.polled = in.Bool();
  state.title = in.Text();
  state.published_time = in.OptionalTime();
  state.modified_time = in.OptionalTime();
  for (std::int64_t count = in.Int(); in.ok() && count > 0; --count) {
    const auto feed = static_cast<std::uint64_t>(in.Int());
    state.titles.emplace_back(feed, static_cast<std::uint64_t>(in.Int()));
  }
  state.redirect_chain = in.Texts();
  state.etag = in.Text();
  state.last_modified = in.Text();
  state.outcome = static_cast<article::OutcomeKind>(in.Int());
  state.reason = static_cast<article::Reason>(in.Int());
  state.detail = in.Text();
  state.article_id = in.Text();
  state.moved_to = in.Text();
  state.http_status = static_cast<int>(in.Int());
  state.requests = in.Int();
  state.seq = in.Int();
  state.awaiting = in.Bool();
  state.failures = static_cast<int>(in.Int());
  state.wanted = in.Int();
  state.last_request_time = in.OptionalTime();
  state.due = in.OptionalTime();
  return in.AtEnd() ? absl::StatusOr<UrlState>(std::move(state)) : Damaged("URL");
}

std::string Encode(const HostState& state) {
  ByteWriter out;
  out.Int(kVersion);
  out.Time(state.next_allowed);
  out.Int(state.budget_day);
  out.Int(state.links_taken);
  return out.Take();
}

absl::StatusOr<HostState> DecodeHostState(std::string_view bytes) {
  ByteReader in(bytes);
  if (in.Int() != kVersion) {
    return Damaged("host");
  }
  HostState state;
  state.next_allowed = in.Time();
  state.budget_day = in.Int();
  state.links_taken = static_cast<int>(in.Int());
  return in.AtEnd() ? absl::StatusOr<HostState>(state) : Damaged("host");
}

std::string Encode(const RobotsState& state) {
  ByteWriter out;
  out.Int(kVersion);
  out.Int(state.status);
  out.Int(static_cast<int>(state.reason));
  out.Text(state.text);
  out.Time(state.expires);
  out.Int(state.failures);
  return out.Take();
}

absl::StatusOr<RobotsState> DecodeRobotsState(std::string_view bytes) {
  ByteReader in(bytes);
  if (in.Int() != kVersion) {
    return Damaged("robots.txt");
  }
  RobotsState state;
  state.status = static_cast<int>(in.Int());
  state.reason = static_cast<article::Reason>(in.Int());
  state.text = in.Text();
  state.expires = in.Time();
  state.failures = static_cast<int>(in.Int());
  return in.AtEnd() ? absl::StatusOr<RobotsState>(std::move(state)) : Damaged("robots.txt");
}

std::string UrlKey(std::string_view host, std::string_view url) {
  return absl::StrCat(std::string(kUrlPrefix), std::string(host), " ", std::string(url));
}

absl::StatusOr<std::optional<UrlState>> ReadUrlState(const state::Reader& reader, std::string_view host,
                                                     std::string_view url) {
  KAWAT_ASSIGN_OR_RETURN(const std::optional<std::string> bytes, reader.Get(UrlKey(host, url)));
  if (!bytes.has_value()) {
    return std::optional<UrlState>();
  }
  KAWAT_ASSIGN_OR_RETURN(UrlState state, DecodeUrlState(*bytes));
  return std::optional<UrlState>(std::move(state));
}

absl::StatusOr<std::int64_t> ReadSeq(const state::Reader& reader) {
  KAWAT_ASSIGN_OR_RETURN(const std::optional<std::string> bytes, reader.Get(kSeqKey));
  return bytes.has_value() ? ByteReader(*bytes).Int() : 0;
}

}  // namespace kawat::fetch
