// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ipfw;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.Field;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Compares the constants of IP_FW3 with those that the C compiler computed from the headers of
 * three releases.
 */
class IpfwAbiTest {
  private final JsonNode abi = IpfwFacts.abi();

  @Test
  void every_constant_the_headers_name_has_their_value() throws IllegalAccessException {
    int compared = 0;
    for (Class<?> table : new Class<?>[] {IpfwAbi.class, IpfwOpcode.class}) {
      for (Field field : table.getDeclaredFields()) {
        JsonNode value = abi.get("constants").get(field.getName());
        if (value != null && !field.isSynthetic()) {
          assertThat(field.getInt(null)).as(field.getName()).isEqualTo(value.asInt());
          compared++;
        }
      }
    }
    assertThat(compared).isGreaterThan(70);
  }

  @Test
  void every_offset_is_where_the_compiler_puts_it() {
    offset("_ip_fw3_opheader", "opcode", IpfwAbi.OPHEADER_OPCODE);
    offset("_ip_fw3_opheader", "version", IpfwAbi.OPHEADER_VERSION);
    offset("_ipfw_obj_tlv", "type", IpfwAbi.TLV_TYPE);
    offset("_ipfw_obj_tlv", "length", IpfwAbi.TLV_LENGTH);
    offset("_ipfw_obj_ctlv", "count", IpfwAbi.CTLV_COUNT);
    offset("_ipfw_obj_ctlv", "objsize", IpfwAbi.CTLV_OBJSIZE);
    offset("_ipfw_obj_ntlv", "idx", IpfwAbi.NTLV_IDX);
    offset("_ipfw_obj_ntlv", "name", IpfwAbi.NTLV_NAME);
    offset("ip_fw_rule", "act_ofs", IpfwAbi.RULE_ACT_OFS);
    offset("ip_fw_rule", "cmd_len", IpfwAbi.RULE_CMD_LEN);
    offset("ip_fw_rule", "set", IpfwAbi.RULE_SET);
    offset("ip_fw_rule", "flags", IpfwAbi.RULE_FLAGS);
    offset("ip_fw_rule", "rulenum", IpfwAbi.RULE_RULENUM);
    offset("ip_fw_rule", "id", IpfwAbi.RULE_ID);
    offset("ip_fw_rule", "cmd", IpfwAbi.RULE_CMD);
    offset("ip_fw_bcounter", "timestamp", IpfwAbi.BCOUNTER_TIMESTAMP);
    offset("ip_fw_bcounter", "pcnt", IpfwAbi.BCOUNTER_PCNT);
    offset("ip_fw_bcounter", "bcnt", IpfwAbi.BCOUNTER_BCNT);
    offset("_ipfw_cfg_lheader", "set_mask", IpfwAbi.CFG_SET_MASK);
    offset("_ipfw_cfg_lheader", "flags", IpfwAbi.CFG_FLAGS);
    offset("_ipfw_cfg_lheader", "size", IpfwAbi.CFG_NEEDED);
    offset("_ipfw_cfg_lheader", "start_rule", IpfwAbi.CFG_START_RULE);
    offset("_ipfw_cfg_lheader", "end_rule", IpfwAbi.CFG_END_RULE);
    for (Map.Entry<String, Integer> size :
        Map.of(
                "_ip_fw3_opheader", IpfwAbi.OPHEADER_SIZE,
                "_ipfw_obj_tlv", IpfwAbi.TLV_SIZE,
                "_ipfw_obj_ctlv", IpfwAbi.CTLV_SIZE,
                "_ipfw_obj_ntlv", IpfwAbi.NTLV_SIZE,
                "ip_fw_bcounter", IpfwAbi.BCOUNTER_SIZE,
                "_ipfw_cfg_lheader", IpfwAbi.CFG_SIZE)
            .entrySet()) {
      assertThat(abi.at("/structs/" + size.getKey() + "/size").asInt())
          .as(size.getKey())
          .isEqualTo(size.getValue());
    }
  }

  @Test
  void what_differs_by_version_is_what_the_releases_have() {
    for (String release : new String[] {"13", "14", "15"}) {
      IpfwVersion version = release.equals("15") ? IpfwVersion.V1 : IpfwVersion.V0;
      JsonNode range = abi.at("/structs/_ipfw_range_tlv");
      assertThat(range.at("/size/" + release).asInt()).isEqualTo(version.rangeSize);
      assertThat(range.at("/offsets/end_rule/" + release).asInt()).isEqualTo(version.rangeEnd);
      assertThat(range.at("/offsets/set/" + release).asInt()).isEqualTo(version.rangeSet);
      assertThat(range.at("/offsets/new_set/" + release).asInt()).isEqualTo(version.rangeNewSet);
      assertThat(abi.at("/structs/_ipfw_obj_ntlv/offsets/set/" + release).asInt())
          .isEqualTo(version.ntlvSet);
    }
  }

  private void offset(String struct, String field, int ours) {
    JsonNode theirs = abi.at("/structs/" + struct + "/offsets/" + field);
    assertThat(theirs.isInt()).as(struct + "." + field).isTrue();
    assertThat(ours).as(struct + "." + field).isEqualTo(theirs.asInt());
  }
}
