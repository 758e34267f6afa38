#include "bus/kafka/security.h"

#include <array>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/files.h"
#include "base/status.h"

namespace kawat::bus::kafka {
namespace {

constexpr std::size_t kMaxPemBytes = 1 << 20;
constexpr std::size_t kMaxPasswordBytes = 4 << 10;

absl::StatusOr<std::string> Read(const char* key, const std::string& path, std::size_t limit) {
  absl::StatusOr<std::string> text = base::ReadFile(path, limit);
  if (!text.ok()) {  // whatever the reason, starting again does not help
    return absl::InvalidArgumentError(absl::StrCat("bus.", key, ": ", text.status().message()));
  }
  if (text->empty()) {
    return absl::InvalidArgumentError(absl::StrCat("bus.", key, ": ", path, " is empty"));
  }
  return text;
}

absl::Status Set(rd_kafka_conf_t* conf, const char* name, const std::string& value) {
  std::array<char, 512> why{};
  if (rd_kafka_conf_set(conf, name, value.c_str(), why.data(), why.size()) != RD_KAFKA_CONF_OK) {
    return absl::InvalidArgumentError(absl::StrCat("kafka: ", name, ": ", why.data()));
  }
  return absl::OkStatus();
}

absl::Status SetFile(rd_kafka_conf_t* conf, const char* name, const char* key, const std::string& path) {
  if (path.empty()) {
    return absl::OkStatus();
  }
  KAWAT_RETURN_IF_ERROR(Read(key, path, kMaxPemBytes).status());  // librdkafka's own words do not name the path
  return Set(conf, name, path);
}

absl::Status SetPassword(rd_kafka_conf_t* conf, const std::string& path) {
  KAWAT_ASSIGN_OR_RETURN(const std::string text, Read("password_file", path, kMaxPasswordBytes));
  const std::string password(absl::StripSuffix(absl::StripSuffix(text, "\n"), "\r"));
  if (password.empty() || !Set(conf, "sasl.password", password).ok()) {  // the reason might repeat it
    return absl::InvalidArgumentError(absl::StrCat("bus.password_file: ", path, " holds no password"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Secure(const KafkaSecurity& security, rd_kafka_conf_t* conf) {
  const bool sasl = !security.sasl_mechanism.empty();
  KAWAT_RETURN_IF_ERROR(Set(conf, "security.protocol",
                            sasl           ? security.tls ? "sasl_ssl" : "sasl_plaintext"
                            : security.tls ? "ssl"
                                           : "plaintext"));
  if (security.tls) {
    KAWAT_RETURN_IF_ERROR(SetFile(conf, "ssl.ca.location", "ca_file", security.ca_file));
    KAWAT_RETURN_IF_ERROR(SetFile(conf, "ssl.certificate.location", "certificate_file", security.certificate_file));
    KAWAT_RETURN_IF_ERROR(SetFile(conf, "ssl.key.location", "key_file", security.key_file));
  }
  if (sasl) {
    KAWAT_RETURN_IF_ERROR(Set(conf, "sasl.mechanism", security.sasl_mechanism));
    KAWAT_RETURN_IF_ERROR(Set(conf, "sasl.username", security.username));
    KAWAT_RETURN_IF_ERROR(SetPassword(conf, security.password_file));
  }
  return absl::OkStatus();
}

}  // namespace kawat::bus::kafka
