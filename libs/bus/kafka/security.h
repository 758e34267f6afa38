// TLS and SASL of librdkafka's handles.
#pragma once

#include <librdkafka/rdkafka.h>

#include "absl/status/status.h"
#include "bus/kafka/kafka.h"

namespace kawat::bus::kafka {

// Reads the files anew, so that a handle made later has a renewed secret. InvalidArgument: a file cannot be read, or
// librdkafka refuses a value; the password is in no message.
absl::Status Secure(const KafkaSecurity& security, rd_kafka_conf_t* conf);

}  // namespace kawat::bus::kafka
