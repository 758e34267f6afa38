// Asks what the cluster's topics are like, and changes their settings.
#pragma once

#include <map>
#include <span>
#include <string>

#include "bus/kafka/connection.h"
#include "bus/kafka/kafka.h"

namespace kawat::bus::kafka {

// As KafkaBus says.
absl::StatusOr<KafkaTopics> DescribeTopics(Connection& connection, std::span<const std::string> topics);
absl::Status ChangeTopic(Connection& connection, const std::string& topic,
                         const std::map<std::string, std::string>& settings);

}  // namespace kawat::bus::kafka
