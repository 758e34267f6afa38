#include "services/fetch/admin.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "article/codec.h"
#include "base/check.h"
#include "base/status.h"
#include "bus/topics.h"
#include "telemetry/log.h"
#include "url/url.h"

namespace kawat::fetch {
namespace {

constexpr int kDefaultPageSize = 100;
constexpr int kMaxPageSize = 1000;
constexpr absl::Duration kLook = absl::Milliseconds(5);  // between looks whether a record was applied

constexpr absl::Duration kLeastPatience = absl::Milliseconds(100);  // of a call whose deadline is near, for the bus
constexpr absl::Duration kSlice = absl::Milliseconds(200);          // between looks whether to stop
constexpr absl::Duration kComplainEvery = absl::Seconds(10);
constexpr std::size_t kMaxPageBytes = 3 << 20;  // a message of gRPC may have 4 MiB

// After these the producer goes on; any other error of it is for ever.
bool IsPassing(const absl::Status& status) {
  return status.ok() || absl::IsInvalidArgument(status) || absl::IsNotFound(status) || absl::IsDeadlineExceeded(status);
}

bus::Record SourceRecord(std::string_view id, std::optional<std::string> value) {
  bus::Record record;
  record.topic = std::string(bus::kSources);
  record.partition = 0;
  record.key = std::string(id);
  record.value = std::move(value);
  return record;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Admin>> Admin::Create(std::vector<Shard> shards, std::int32_t partitions,
                                                     CrawlLimits limits, bus::Bus& bus, base::Clock& clock) {
  KAWAT_CHECK(!shards.empty(), "no shard");
  KAWAT_ASSIGN_OR_RETURN(std::unique_ptr<bus::Producer> producer, bus.NewProducer());
  return std::unique_ptr<Admin>(new Admin(std::move(shards), partitions, limits, std::move(producer), bus, clock));
}

absl::StatusOr<std::optional<std::string>> Admin::Stored(const std::string& id) const {
  return store().Get(SourceKey(id));
}

absl::Status Admin::Send(const bus::Record& record, absl::Time deadline) {
  absl::MutexLock lock(&producer_mutex_);
  if (producer_ == nullptr) {
    KAWAT_ASSIGN_OR_RETURN(producer_, bus_.NewProducer());
  }
  absl::Status sent = producer_->Send(std::vector<bus::Record>{record});
  if (sent.ok()) {
    on_sent_(record);
    sent = producer_->Flush(std::max(deadline - clock_.Now(), kLeastPatience));
  }
  if (!IsPassing(sent)) {
    producer_.reset();
  }
  return sent;
}

absl::Status Admin::SendSource(const std::string& id, const std::optional<std::string>& value, absl::Time deadline) {
  if (clock_.Now() >= deadline) {  // other changes took its time
    return absl::DeadlineExceededError("other changes of sources took too long; nothing was changed");
  }
  KAWAT_RETURN_IF_ERROR(Send(SourceRecord(id, value), deadline));
  while (clock_.Now() < deadline) {
    KAWAT_ASSIGN_OR_RETURN(const std::optional<std::string> stored, Stored(id));
    if (stored == value) {
      break;
    }
    absl::SleepFor(kLook);
  }
  return absl::OkStatus();
}

absl::Status Admin::CreateSource(const article::Source& source, absl::Time deadline) {
  KAWAT_RETURN_IF_ERROR(ValidateSource(source));
  std::string value = article::Encode(source);
  absl::MutexLock lock(&change_mutex_);
  KAWAT_ASSIGN_OR_RETURN(const std::optional<std::string> stored, Stored(source.id));
  if (stored.has_value()) {
    return *stored == value
               ? absl::OkStatus()
               : absl::AlreadyExistsError(absl::StrCat("source.id \"", source.id, "\" is taken by another source"));
  }
  return SendSource(source.id, std::move(value), deadline);
}

absl::Status Admin::DeleteSource(const std::string& id, absl::Time deadline) {
  absl::MutexLock lock(&change_mutex_);
  KAWAT_RETURN_IF_ERROR(GetSource(id).status());
  return SendSource(id, std::nullopt, deadline);
}

absl::StatusOr<article::Source> Admin::GetSource(const std::string& id) const {
  KAWAT_ASSIGN_OR_RETURN(const std::optional<std::string> stored, Stored(id));
  if (!stored.has_value()) {
    return absl::NotFoundError(absl::StrCat("no source has the id \"", id, "\""));
  }
  return article::DecodeSource(*stored);
}

absl::StatusOr<Admin::SourcePage> Admin::ListSources(int page_size, const std::string& page_token) const {
  if (page_size < 0 || page_size > kMaxPageSize) {
    return absl::InvalidArgumentError(absl::StrCat("page_size must be at least 0 and at most ", kMaxPageSize));
  }
  const std::size_t size = page_size == 0 ? kDefaultPageSize : page_size;
  SourcePage page;
  std::size_t bytes = 0;
  absl::Status damage;
  // The token is the id after which the page begins; no id is longer by a zero byte than another.
  const std::string from = page_token.empty() ? std::string(kSourcePrefix) : SourceKey(page_token) + '\0';
  KAWAT_RETURN_IF_ERROR(store().Scan(kSourcePrefix, from, [&](std::string_view /*key*/, std::string_view value) {
    bytes += value.size();
    if (page.sources.size() == size || (bytes > kMaxPageBytes && !page.sources.empty())) {
      page.next_page_token = page.sources.back().id;
      return false;
    }
    absl::StatusOr<article::Source> source = article::DecodeSource(value);
    damage = source.status();
    if (source.ok()) {
      page.sources.push_back(*std::move(source));
    }
    return damage.ok();
  }));
  KAWAT_RETURN_IF_ERROR(damage);
  return page;
}

absl::Status Admin::Announce(const std::vector<article::Source>& sources, const base::Shutdown& shutdown) {
  std::vector<bus::Record> records;
  for (const article::Source& source : sources) {
    std::string value = article::Encode(source);
    KAWAT_ASSIGN_OR_RETURN(const std::optional<std::string> stored, Stored(source.id));
    if (stored != value) {
      records.push_back(SourceRecord(source.id, std::move(value)));
    }
  }
  if (records.empty()) {
    return absl::OkStatus();
  }
  // Its own: while the bus is silent, calls do not wait for it, nor does it lose its records by an error of theirs.
  KAWAT_ASSIGN_OR_RETURN(const std::unique_ptr<bus::Producer> producer, bus_.NewProducer());
  KAWAT_RETURN_IF_ERROR(producer->Send(records));
  std::for_each(records.begin(), records.end(), on_sent_);
  for (absl::Time told = clock_.Now(); !shutdown.requested();) {
    absl::Status flushed = producer->Flush(kSlice);
    if (!absl::IsDeadlineExceeded(flushed)) {
      return flushed;
    }
    if (clock_.Now() - told >= kComplainEvery) {
      told = clock_.Now();
      telemetry::Warn("the log does not acknowledge the sources; fetch waits for it", {{"sources", records.size()}});
    }
  }
  return absl::CancelledError("asked to stop before the log acknowledged the sources");
}

absl::StatusOr<std::string> Admin::SubmitUrl(std::string_view url, absl::Time deadline) {
  KAWAT_ASSIGN_OR_RETURN(std::string canonical, url::Canonical(url));
  KAWAT_ASSIGN_OR_RETURN(const url::Url parsed, url::Url::Parse(canonical));
  const std::string host = parsed.host_and_port();
  SourceBook book(limits_);
  KAWAT_RETURN_IF_ERROR(
      store().Scan(kSourcePrefix, kSourcePrefix, [&](std::string_view /*key*/, std::string_view value) {
        if (absl::StatusOr<article::Source> source = article::DecodeSource(value); source.ok()) {
          book.Put(*std::move(source));
        }
        return true;
      }));
  const article::Source* source = book.OwnerOf(host, "");
  if (source == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat("url: ", host, " is within no source's domains"));
  }
  bus::Record record;
  record.topic = std::string(bus::kLinks);
  record.key = host;
  record.value = article::Encode(article::LinkRecord(article::LinkBatch{
      .source_id = source->id, .links = {{.url = canonical, .kind = article::LinkKind::kSubmitted}}}));
  KAWAT_RETURN_IF_ERROR(Send(record, deadline));
  return canonical;
}

const Admin::Shard* Admin::Find(std::int32_t partition) const {
  const auto shard =
      std::find_if(shards_.begin(), shards_.end(), [&](const Shard& each) { return each.partition == partition; });
  return shard == shards_.end() ? nullptr : &*shard;
}

absl::StatusOr<std::int32_t> Admin::ShardOf(std::string_view url) const {
  KAWAT_ASSIGN_OR_RETURN(const std::string canonical, url::Canonical(url));
  KAWAT_ASSIGN_OR_RETURN(const url::Url parsed, url::Url::Parse(canonical));
  return bus::PartitionOf(parsed.host_and_port(), partitions_);
}

absl::StatusOr<std::pair<std::string, UrlState>> Admin::GetUrl(std::string_view url) const {
  KAWAT_ASSIGN_OR_RETURN(std::string canonical, url::Canonical(url));
  KAWAT_ASSIGN_OR_RETURN(const url::Url parsed, url::Url::Parse(canonical));
  KAWAT_ASSIGN_OR_RETURN(const std::int32_t partition, ShardOf(canonical));
  const std::string host = parsed.host_and_port();
  const Shard* const shard = Find(partition);
  if (shard == nullptr) {
    return absl::FailedPreconditionError(absl::StrCat(
        host, " is in shard ", partition, ", which another instance of fetch has: ask that, or set fetch.peers"));
  }
  KAWAT_ASSIGN_OR_RETURN(std::optional<UrlState> state, ReadUrlState(*shard->store, host, canonical));
  if (!state.has_value()) {
    return absl::NotFoundError(absl::StrCat(canonical, " was never seen"));
  }
  return std::pair(std::move(canonical), *std::move(state));
}

}  // namespace kawat::fetch
