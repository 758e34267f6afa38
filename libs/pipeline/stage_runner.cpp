#include "pipeline/stage_runner.h"

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/status.h"
#include "pipeline/runner_base.h"

namespace kawat::pipeline {

std::string GroupOf(std::string_view stage) { return absl::StrCat("kawat-", std::string(stage)); }

absl::StatusOr<std::unique_ptr<StageRunner>> StageRunner::Create(StageRunnerOptions options, Stage& stage,
                                                                 bus::Bus& bus, state::Store* store, LocalInput* local,
                                                                 StageObserver* observer) {
  KAWAT_CHECK(!options.stage.empty(), "a runner needs the name of its stage");
  KAWAT_CHECK(store == nullptr ? !options.subscriptions.empty() && options.inputs.empty() && local == nullptr
                               : options.subscriptions.empty() && !options.inputs.empty(),
              "a stateful runner has inputs, a stateless one subscriptions");
  if (options.owner.empty()) {
    options.owner = options.stage;
  }
  KAWAT_ASSIGN_OR_RETURN(auto consumer, bus.NewConsumer(GroupOf(options.stage)));
  KAWAT_ASSIGN_OR_RETURN(auto producer, bus.NewProducer());
  return store != nullptr
             ? NewStatefulRunner(std::move(options), stage, std::move(consumer), std::move(producer), *store, local,
                                 observer)
             : NewStatelessRunner(std::move(options), stage, std::move(consumer), std::move(producer), observer);
}

}  // namespace kawat::pipeline
