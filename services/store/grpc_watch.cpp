#include "services/store/grpc_watch.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "rpc/status.h"
#include "services/store/grpc_convert.h"
#include "services/store/grpc_handler.h"
#include "services/store/watch.h"

namespace kawat::store {
namespace {

constexpr std::size_t kChangesAtOnce = 500;                // of one stream, before others have their turn
constexpr absl::Duration kMaxPatience = absl::Seconds(3);  // for peers
constexpr std::chrono::milliseconds kFollow{100};          // between questions to peers

Patience PatienceForPeers() { return {.deadline = absl::Now() + kMaxPatience}; }

// A stream that a late peer ends can be resumed, as the one that a missing peer ends.
grpc::Status EndBy(const absl::Status& status) {
  return rpc::ToGrpc(absl::IsDeadlineExceeded(status) ? absl::UnavailableError(status.message()) : status);
}

}  // namespace

// One stream. It is always in one of three states, and only who is in charge of the state touches the watch and the
// answer:
//   idle     nothing to send; Notify makes it look
//   looking  a thread of the pool looks for the next article
//   writing  gRPC sends one
// An end that is asked for (cancelled, stopping) is obeyed at the next change of state. Finish is called once; then
// nothing else is.
class WatchStream final : public grpc::ServerWriteReactor<v1::WatchArticlesResponse>,
                          public std::enable_shared_from_this<WatchStream> {
 public:
  WatchStream(WatchHub& hub, const v1::WatchArticlesRequest& request)
      : hub_(hub), filter_(FromProto(request.filter())), resume_token_(request.resume_token()) {}

  void Start() { Look(); }

  void Notify() {
    {
      const std::lock_guard lock(mutex_);
      notified_ = true;
      if (state_ != State::kIdle) {
        return;
      }
      state_ = State::kLooking;
    }
    Look();
  }

  void End(const grpc::Status& status) {
    {
      const std::lock_guard lock(mutex_);
      if (!end_.has_value()) {
        end_ = status;
      }
      if (state_ != State::kIdle) {
        return;
      }
      state_ = State::kEnded;
    }
    Finish(status);
  }

  void OnCancel() override { End(grpc::Status(grpc::StatusCode::CANCELLED, "the client is gone")); }

  void OnWriteDone(bool ok) override {
    {
      const std::lock_guard lock(mutex_);
      state_ = State::kLooking;
      if (!ok && !end_.has_value()) {
        end_ = grpc::Status(grpc::StatusCode::CANCELLED, "the client is gone");
      }
    }
    Look();
  }

  void OnDone() override { hub_.Remove(this); }  // may destroy this

 private:
  enum class State { kIdle, kLooking, kWriting, kEnded };

  void Look() {
    hub_.pool_.Post([self = shared_from_this()] { self->LookNow(); });
  }

  void LookNow() {
    {
      std::unique_lock lock(mutex_);
      if (end_.has_value()) {
        state_ = State::kEnded;
        lock.unlock();
        Finish(*end_);
        return;
      }
      notified_ = false;
    }
    absl::StatusOr<std::optional<WatchedArticle>> next = Next();
    if (!next.ok()) {
      {
        const std::lock_guard lock(mutex_);
        end_ = EndBy(next.status());
        state_ = State::kEnded;
      }
      Finish(*end_);
      return;
    }
    if (next->has_value()) {
      answer_.Clear();
      ToProto((*next)->found, *answer_.mutable_article());
      answer_.set_resume_token((*next)->resume_token);
      {
        const std::lock_guard lock(mutex_);
        state_ = State::kWriting;
      }
      StartWrite(&answer_);
      return;
    }
    {
      const std::lock_guard lock(mutex_);
      if (!watch_->more() && !notified_ && !end_.has_value()) {
        state_ = State::kIdle;
        return;
      }
    }
    Look();
  }

  absl::StatusOr<std::optional<WatchedArticle>> Next() {
    const Patience patience = PatienceForPeers();
    if (!watch_.has_value()) {
      KAWAT_ASSIGN_OR_RETURN(watch_, Watch::Begin(hub_.library_, filter_, resume_token_, patience));
      StartSendInitialMetadata();  // so that a client knows that it is heard from now on
    }
    return watch_->Next(kChangesAtOnce, patience);
  }

  WatchHub& hub_;
  const Filter filter_;
  const std::string resume_token_;
  std::optional<Watch> watch_;  // nullopt: not begun
  v1::WatchArticlesResponse answer_;
  std::mutex mutex_;
  State state_ = State::kLooking;
  bool notified_ = false;
  std::optional<grpc::Status> end_;  // set once an end was asked for
};

namespace {

// A stream that was refused.
class Refusal final : public grpc::ServerWriteReactor<v1::WatchArticlesResponse> {
 public:
  explicit Refusal(const absl::Status& why) { Finish(rpc::ToGrpc(why)); }
  void OnDone() override { delete this; }
};

}  // namespace

WatchHub::WatchHub(const Library& library, WorkPool& pool) : library_(library), pool_(pool) {
  if (library.nodes() > 1) {
    peers_ = std::thread([this] { FollowPeers(); });
  }
}

WatchHub::~WatchHub() {
  EndAll();
  if (peers_.joinable()) {
    peers_.join();
  }
}

void WatchHub::FollowPeers() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, kFollow, [this] { return ended_; })) {
    if (streams_.empty()) {
      continue;
    }
    lock.unlock();
    library_.Refresh(PatienceForPeers()).IgnoreError();  // streams meet the error, and end with it
    Notify();
    lock.lock();
  }
}

grpc::ServerWriteReactor<v1::WatchArticlesResponse>* WatchHub::Begin(const v1::WatchArticlesRequest& request) {
  auto stream = std::make_shared<WatchStream>(*this, request);
  {
    const std::lock_guard lock(mutex_);
    if (ended_) {
      return new Refusal(absl::UnavailableError("the store is stopping; resume with your token"));
    }
    if (streams_.size() >= kMaxWatchers) {
      return new Refusal(absl::ResourceExhaustedError(
          absl::StrCat("more than ", kMaxWatchers, " streams; end one or ask again later")));
    }
    streams_.push_back(stream);
  }
  stream->Start();
  return stream.get();
}

std::vector<std::shared_ptr<WatchStream>> WatchHub::Streams() const {
  const std::lock_guard lock(mutex_);
  return streams_;
}

void WatchHub::Remove(const WatchStream* stream) {
  std::shared_ptr<WatchStream> last;  // ends after the lock
  const std::lock_guard lock(mutex_);
  const auto at =
      std::find_if(streams_.begin(), streams_.end(), [&](const auto& each) { return each.get() == stream; });
  if (at != streams_.end()) {
    last = std::move(*at);
    streams_.erase(at);
  }
}

void WatchHub::Notify() {
  for (const std::shared_ptr<WatchStream>& stream : Streams()) {
    stream->Notify();
  }
}

void WatchHub::EndAll() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  wake_.notify_all();
  for (const std::shared_ptr<WatchStream>& stream : Streams()) {
    stream->End(grpc::Status(grpc::StatusCode::UNAVAILABLE, "the store is stopping; resume with your token"));
  }
}

}  // namespace kawat::store
