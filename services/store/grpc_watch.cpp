#include "services/store/grpc_watch.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "rpc/status.h"
#include "services/store/grpc_convert.h"
#include "services/store/grpc_handler.h"
#include "services/store/watch.h"

namespace kawat::store {
namespace {

constexpr std::size_t kChangesAtOnce = 500;  // of one stream, before others have their turn

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
  WatchStream(WatchHub& hub, Watch watch) : hub_(hub), watch_(std::move(watch)) {}

  void Start() {
    StartSendInitialMetadata();  // so that a client knows that it is heard from now on
    Look();
  }

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
    absl::StatusOr<std::optional<WatchedArticle>> next = watch_.Next(kChangesAtOnce);
    if (!next.ok()) {
      {
        const std::lock_guard lock(mutex_);
        end_ = rpc::ToGrpc(next.status());
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
      if (!watch_.more() && !notified_ && !end_.has_value()) {
        state_ = State::kIdle;
        return;
      }
    }
    Look();
  }

  WatchHub& hub_;
  Watch watch_;
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

grpc::ServerWriteReactor<v1::WatchArticlesResponse>* WatchHub::Begin(const v1::WatchArticlesRequest& request) {
  absl::StatusOr<Watch> watch = Watch::Begin(library_, FromProto(request.filter()), request.resume_token());
  if (!watch.ok()) {
    return new Refusal(watch.status());
  }
  auto stream = std::make_shared<WatchStream>(*this, *std::move(watch));
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
  for (const std::shared_ptr<WatchStream>& stream : Streams()) {
    stream->End(grpc::Status(grpc::StatusCode::UNAVAILABLE, "the store is stopping; resume with your token"));
  }
}

}  // namespace kawat::store
