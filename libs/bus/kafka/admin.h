// Makes topics.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "bus/kafka/catalog.h"
#include "bus/kafka/connection.h"
#include "bus/topics.h"

namespace kawat::bus::kafka {

// As Bus::CreateMissingTopics; returns when all of `topics` can be asked for. `extra` are settings for those that are
// made.
absl::StatusOr<std::vector<std::string>> CreateMissingTopics(Connection& connection, Catalog& catalog,
                                                             std::span<const TopicSpec> topics,
                                                             const std::map<std::string, std::string>& extra);

}  // namespace kawat::bus::kafka
