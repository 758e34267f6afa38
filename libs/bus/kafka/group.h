// What a consumer group has committed.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "bus/kafka/catalog.h"
#include "bus/kafka/client.h"
#include "bus/kafka/connection.h"
#include "bus/record.h"

namespace kawat::bus::kafka {

// The committed offsets of `partitions`; those without one are left out. Any group, whether this process is a member or
// not. Unavailable.
absl::StatusOr<std::map<TopicPartition, std::int64_t>> CommittedOffsets(Connection& connection, std::string_view group,
                                                                        std::span<const TopicPartition> partitions);

// Whether a record that `group` has not read was appended before `before`. Without a committed offset: whether any such
// record is there.
absl::StatusOr<bool> HasUnreadBefore(Connection& connection, Catalog& catalog, std::string_view topic,
                                     std::string_view group, absl::Time before);

// Commits through a member's own handle and returns once it is stored. OK, too, when the group has moved on without
// this member: then the partitions are another's. Unavailable: not stored within kRequestPatience, or not known.
absl::Status CommitAndWait(rd_kafka_t* member, const rd_kafka_topic_partition_list_t& offsets);

}  // namespace kawat::bus::kafka
