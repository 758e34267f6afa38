#include "services/fetch/frontier_state.h"

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "state/fields.h"

namespace kawat::fetch {
namespace {

constexpr int kFormat = 1;  // of each value; raised when a field is changed

std::string HostKey(std::string_view host) { return absl::StrCat(std::string(kHostPrefix), std::string(host)); }

template <class Fields, class State>
void VisitUrl(State& state, Fields& fields) {
  fields.Format(kFormat).Text(state.source_id).Number(state.kind).Signed(state.depth).Number(state.polled);
  fields.Text(state.title).OptionalTime(state.published_time).OptionalTime(state.modified_time);
  fields.List(state.titles, [](auto& title, Fields& each) { each.Number(title.first).Number(title.second); });
  fields.Texts(state.redirect_chain).Text(state.etag).Text(state.last_modified);
  fields.Number(state.outcome).Number(state.reason).Text(state.detail).Text(state.article_id).Text(state.moved_to);
  fields.Signed(state.http_status).Signed(state.requests).Signed(state.seq).Number(state.awaiting);
  fields.Signed(state.failures).Signed(state.wanted).OptionalTime(state.last_request_time).OptionalTime(state.due);
}

template <class Fields, class State>
void VisitHost(State& state, Fields& fields) {
  fields.Format(kFormat).Time(state.next_allowed).Signed(state.budget_day).Signed(state.links_taken);
}

std::string BudgetKey(std::string_view id) { return absl::StrCat(std::string(kBudgetPrefix), std::string(id)); }

template <class Fields, class State>
void VisitBudget(State& budget, Fields& fields) {
  fields.Format(kFormat).Signed(budget.day).Signed(budget.foreign_taken);
}

template <class Fields, class State>
void VisitRobots(State& state, Fields& fields) {
  fields.Format(kFormat).Signed(state.status).Number(state.reason).Text(state.text).Time(state.expires);
  fields.Signed(state.failures);
}

}  // namespace

std::string Encode(const UrlState& state) {
  state::FieldWriter out;
  VisitUrl(state, out);
  return out.Take();
}

absl::StatusOr<UrlState> DecodeUrlState(std::string_view bytes) {
  UrlState state;
  state::FieldReader in(bytes);
  VisitUrl(state, in);
  KAWAT_RETURN_IF_ERROR(in.Finish("a URL's state"));
  return state;
}

std::string Encode(const HostState& state) {
  state::FieldWriter out;
  VisitHost(state, out);
  return out.Take();
}

absl::StatusOr<HostState> DecodeHostState(std::string_view bytes) {
  HostState state;
  state::FieldReader in(bytes);
  VisitHost(state, in);
  KAWAT_RETURN_IF_ERROR(in.Finish("a host's state"));
  return state;
}

std::string Encode(const RobotsState& state) {
  state::FieldWriter out;
  VisitRobots(state, out);
  return out.Take();
}

absl::StatusOr<RobotsState> DecodeRobotsState(std::string_view bytes) {
  RobotsState state;
  state::FieldReader in(bytes);
  VisitRobots(state, in);
  KAWAT_RETURN_IF_ERROR(in.Finish("a robots.txt"));
  return state;
}

std::string SourceKey(std::string_view id) { return absl::StrCat(std::string(kSourcePrefix), std::string(id)); }

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

absl::StatusOr<HostState> ReadHost(const state::Reader& reader, std::string_view host) {
  KAWAT_ASSIGN_OR_RETURN(const std::optional<std::string> bytes, reader.Get(HostKey(host)));
  return bytes.has_value() ? DecodeHostState(*bytes) : HostState();
}

void WriteHost(state::Txn& txn, std::string_view host, const HostState& state) {
  txn.Put(HostKey(host), Encode(state));
}

absl::StatusOr<SourceBudget> ReadBudget(const state::Reader& reader, std::string_view source_id) {
  KAWAT_ASSIGN_OR_RETURN(const std::optional<std::string> bytes, reader.Get(BudgetKey(source_id)));
  SourceBudget budget;
  if (bytes.has_value()) {
    state::FieldReader in(*bytes);
    VisitBudget(budget, in);
    KAWAT_RETURN_IF_ERROR(in.Finish("a source's budget"));
  }
  return budget;
}

void WriteBudget(state::Txn& txn, std::string_view source_id, const SourceBudget& budget) {
  state::FieldWriter out;
  VisitBudget(budget, out);
  txn.Put(BudgetKey(source_id), out.Take());
}

void DeleteBudget(state::Txn& txn, std::string_view source_id) { txn.Delete(BudgetKey(source_id)); }

absl::StatusOr<std::int64_t> ReadSeq(const state::Reader& reader) {
  KAWAT_ASSIGN_OR_RETURN(const std::optional<std::string> bytes, reader.Get(kSeqKey));
  std::int64_t seq = 0;
  if (bytes.has_value()) {
    state::FieldReader in(*bytes);
    in.Signed(seq);
    KAWAT_RETURN_IF_ERROR(in.Finish("the last seq"));
  }
  return seq;
}

void WriteSeq(state::Txn& txn, std::int64_t seq) {
  state::FieldWriter out;
  out.Signed(seq);
  txn.Put(kSeqKey, out.Take());
}

absl::StatusOr<absl::Time> ReadClock(const state::Reader& reader) {
  KAWAT_ASSIGN_OR_RETURN(const std::optional<std::string> bytes, reader.Get(kClockKey));
  absl::Time now = absl::InfinitePast();
  if (bytes.has_value()) {
    state::FieldReader in(*bytes);
    in.Time(now);
    KAWAT_RETURN_IF_ERROR(in.Finish("the clock's last time"));
  }
  return now;
}

void WriteClock(state::Txn& txn, absl::Time now) {
  state::FieldWriter out;
  out.Time(now);
  txn.Put(kClockKey, out.Take());
}

}  // namespace kawat::fetch
