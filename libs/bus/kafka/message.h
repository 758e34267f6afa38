// Between librdkafka's messages and the bus's records.
#pragma once

#include "bus/kafka/client.h"
#include "bus/record.h"

namespace kawat::bus::kafka {

inline constexpr const char* kOriginHeader = "kawat-origin";

Record ToRecord(const rd_kafka_message_t& message);

}  // namespace kawat::bus::kafka
