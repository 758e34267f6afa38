#include "services/store/grpc_call.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "rpc/status.h"

namespace kawat::store {
namespace {

constexpr absl::Duration kMaxPatience = absl::Seconds(10);  // a call holds one of the threads

Patience PatienceOf(const grpc::CallbackServerContext& context) {
  const absl::Time ours = absl::Now() + kMaxPatience;
  const auto deadline = context.deadline();  // the greatest value: none
  return {.deadline = deadline == std::chrono::system_clock::time_point::max()
                          ? ours
                          : std::min(ours, absl::FromChrono(deadline)),
          .cancelled = [&context] { return context.IsCancelled(); }};
}

}  // namespace

grpc::ServerUnaryReactor* RunCall(WorkPool& pool, telemetry::Registry& registry, const char* method,
                                  grpc::CallbackServerContext* context,
                                  std::function<absl::Status(const Patience&)> answer) {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  const absl::Time begin = absl::Now();
  const bool taken = pool.TryPost([&registry, method, context, reactor, begin, answer = std::move(answer)] {
    const Patience patience = PatienceOf(*context);
    absl::Status status;
    if (context->IsCancelled() || absl::Now() > patience.deadline) {
      status = absl::DeadlineExceededError("the deadline passed before a thread was free");
    } else {
      status = answer(patience);
    }
    registry
        .GetHistogram("kawat_store_call_seconds", "From the arrival of a call to its answer.",
                      {{"method", method}, {"code", absl::StatusCodeToString(status.code())}})
        .Observe(absl::Now() - begin);
    reactor->Finish(rpc::ToGrpc(status));
  });
  if (!taken) {
    reactor->Finish(rpc::ToGrpc(
        absl::ResourceExhaustedError(absl::StrCat("more than ", kMaxQueuedCalls, " calls wait; ask again later"))));
  }
  return reactor;
}

}  // namespace kawat::store
