#include "bus/kafka/message.h"

namespace kawat::bus::kafka {

Record ToRecord(const rd_kafka_message_t& message) {
  Record record;
  record.topic = rd_kafka_topic_name(message.rkt);
  record.partition = message.partition;
  record.offset = message.offset;
  if (message.key != nullptr) {
    record.key.assign(static_cast<const char*>(message.key), message.key_len);
  }
  if (message.payload != nullptr) {
    record.value.emplace(static_cast<const char*>(message.payload), message.len);
  }
  rd_kafka_headers_t* headers = nullptr;
  const void* origin = nullptr;
  std::size_t size = 0;
  if (rd_kafka_message_headers(&message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR &&
      rd_kafka_header_get_last(headers, kOriginHeader, &origin, &size) == RD_KAFKA_RESP_ERR_NO_ERROR &&
      origin != nullptr) {
    record.origin = ParseOrigin({static_cast<const char*>(origin), size});
  }
  rd_kafka_timestamp_type_t type{};
  record.append_time = absl::FromUnixMillis(rd_kafka_message_timestamp(&message, &type));
  return record;
}

}  // namespace kawat::bus::kafka
