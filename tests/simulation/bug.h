// Bugs that the simulation must catch: planted from outside, around the ports of the real parts, so that no service has
// a line for them.
#pragma once

#include <array>
#include <memory>
#include <string_view>

#include "base/clock.h"
#include "bus/bus.h"
#include "pipeline/stage.h"
#include "services/fetch/http/http_client.h"
#include "state/store.h"

namespace kawat::simulation {

enum class Bug : int {
  kNone,
  kCommitBeforeOutputs,     // outputs leave after the commit
  kVersionNotCompared,      // store takes every fact as newer
  kAdoptsTooMuch,           // a lost dedupe adopts decisions above complete_below
  kOffsetOutsideBatch,      // state first, offset in a commit of its own
  kOutOfOrderSends,         // parse's pool sends in the order in which it gets done
  kSwallowedProducerError,  // a failed delivery is taken for a good one
  kWallClockInDedupe,       // dedupe asks the clock what time it is
  kMapOrderInOutputs,       // dedupe's outputs come in the order of a hash map
  kOffsetOffByOne,          // after a restart it begins one record later
  kRedirectInPlace,         // fetch follows a redirect to another host at once
  kDelaysForgotten,         // after a restart hosts are asked at once
  kRetentionPasses,         // the embedded log forgets what a slow consumer has not read
};
inline constexpr int kBugs = static_cast<int>(Bug::kRetentionPasses) + 1;

std::string_view Name(Bug bug);

// Each returns what it is given, or that with the bug around it. What is inside must outlive what is returned, unless
// it is handed over.
std::unique_ptr<bus::Producer> Plant(Bug bug, std::string_view service, std::unique_ptr<bus::Producer> producer);
std::unique_ptr<bus::Consumer> Plant(Bug bug, std::string_view service, std::unique_ptr<bus::Consumer> consumer);
std::unique_ptr<pipeline::Stage> Plant(Bug bug, std::string_view service, pipeline::Stage& stage, base::Clock& clock,
                                       int start);
std::unique_ptr<state::Store> Plant(Bug bug, state::Store& store);
std::unique_ptr<fetch::HttpClient> Plant(Bug bug, std::unique_ptr<fetch::HttpClient> client);

}  // namespace kawat::simulation
