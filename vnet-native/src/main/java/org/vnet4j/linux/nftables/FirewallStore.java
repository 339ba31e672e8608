// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.nftables;

import static org.vnet4j.net.Errno.ELOOP;
import static org.vnet4j.net.Errno.EMLINK;
import static org.vnet4j.net.Errno.ENOENT;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vnet4j.KernelError;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.firewall.Trial;
import org.vnet4j.linux.netlink.NetlinkSocket;
import org.vnet4j.net.Cidr;
import org.vnet4j.posix.Failures;
import org.vnet4j.posix.helper.DeferredActions;
import org.vnet4j.posix.helper.Helper;
import org.vnet4j.posix.owner.TrialNote;
import org.vnet4j.spi.KernelErrors;
import org.vnet4j.spi.TrialDriver;

/**
 * Stores one firewall of one stack in a table of nf_tables: the text of each rule as the comment of
 * a counter, and the program compiled from the rules. A change reads the firewall, compiles the
 * changed rules, and commits the difference in one batch.
 *
 * <p>Each change replaces the stamp of the table: two counters, of which one has the fixed name
 * {@code stamp} and a random comment, and the other a random name. The state read last is cached
 * with its stamp. A batch deletes the counter that has the name of the cached stamp. If another
 * program changed the table since, the kernel refuses that, and so the whole batch; then everything
 * is read again. So an outdated cache is never used, and programs that change other tables are
 * never waited for.
 */
public final class FirewallStore {
  private static final Logger LOG = LoggerFactory.getLogger(FirewallStore.class);
  private static final int MOST_ATTEMPTS = 50;

  /** The counter whose comment is the stamp. */
  private static final String STAMP = "stamp";

  /**
   * The delay after which the helper restores the old rules, when they could not be restored at
   * once.
   */
  private static final Duration AGAIN = Duration.ofSeconds(1);

  /** The note of a trial, stored with the rules on trial: when it ends, and who began it. */
  private static final String TRIAL = "trial";

  private static final String TEXT = "t";
  private static final String NOTE = "n.";
  private static final String ADDRESSES = "T.";

  /** The name of a counter that stores a text, or a part of one. */
  private static final Pattern KEPT = Pattern.compile("(t[0-9]{1,9}|[nT]\\..*?)(?:/([0-9]{1,9}))?");

  /** The name of the counter of a rule. */
  private static final Pattern COUNTS = Pattern.compile("r([0-9]{1,9})");

  private final ReentrantLock lock = new ReentrantLock();
  private final FirewalledStack stack;
  private final String name;
  private final String comment;
  private final Function<FirewallModel, NftProgram> compiler;
  private final Supplier<FirewallModel> fresh;

  /** The note of a trial that was confirmed, if it could not be removed. */
  private volatile @Nullable String confirmed;

  /** The state read or written last. */
  private @Nullable Known known;

  /**
   * A state of the firewall.
   *
   * @param stamp the stamp of the table, null if there is no such table
   */
  private record Known(FirewallModel model, NftProgram program, @Nullable String stamp) {}

  /**
   * Creates a store; does not access the kernel.
   *
   * @param compiler compiles rules; throws IllegalArgumentException if it cannot
   * @param fresh the firewall's initial state, where the stack has no such table yet
   */
  public FirewallStore(
      FirewalledStack stack,
      String name,
      String comment,
      Function<FirewallModel, NftProgram> compiler,
      Supplier<FirewallModel> fresh) {
    this.stack = stack;
    this.name = name;
    this.comment = comment;
    this.compiler = compiler;
    this.fresh = fresh;
  }

  /** Returns the current state of the firewall. */
  public FirewallModel model() {
    return ask(exchange -> current(exchange).model());
  }

  /** Returns the rules and the counters of all of them. */
  public <T> T counted(BiFunction<FirewallModel, Map<Integer, NftCounts>, T> use) {
    return ask(
        exchange -> {
          for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            FirewallModel model = current(exchange).model();
            Map<Integer, NftCounts> all = new HashMap<>();
            for (NftRequests.Counter counter : NftRequests.counters(exchange, name)) {
              Matcher counts = COUNTS.matcher(counter.name());
              if (counts.matches()) {
                all.put(Integer.parseInt(counts.group(1)), counter.counts());
              }
            }
            if (all.keySet().containsAll(ids(model))) {
              return use.apply(model, all);
            }
          }
          throw changing("listed");
        });
  }

  private VnetException changing(String what) {
    return new VnetException(
        name
            + " in "
            + stack.name()
            + ": changed "
            + MOST_ATTEMPTS
            + " times while it was "
            + what);
  }

  /** Lists the states, in no order. */
  public List<NftRequests.MapElement> states() {
    return ask(
        exchange -> {
          List<NftRequests.MapElement> all = new ArrayList<>();
          if (current(exchange).program().hasSet(NftStates.map(4))) {
            all.addAll(NftRequests.elements(exchange, name, NftStates.map(4)));
            all.addAll(NftRequests.elements(exchange, name, NftStates.map(6)));
          }
          return all;
        });
  }

  /** Deletes states and returns how many; states that expired meanwhile are not counted. */
  public int forget(Predicate<NftRequests.MapElement> doomed) {
    int forgotten = 0;
    for (NftRequests.MapElement state : states()) {
      forgotten += doomed.test(state) && forget(state.key()) ? 1 : 0;
    }
    return forgotten;
  }

  public boolean forget(byte[] key) {
    return ask(
        exchange -> {
          // A state is not part of the rules, so this changes no stamp.
          NftBatch batch = new NftBatch(name);
          String map = NftStates.map(key.length == NftStates.keyLength(6) ? 6 : 4);
          batch.deleteElements(map, List.of(NftSet.Element.of(key)));
          KernelError error = batch.commit(exchange, name + " kill state");
          if (error != null && !error.isErrno(ENOENT)) {
            throw new NetlinkSocket.NetlinkError(error);
          }
          return error == null;
        });
  }

  /** Resets counters to zero: those of some rules, or all. */
  public void zero(@Nullable Set<Integer> ids) {
    ask(
        exchange -> {
          if (ids == null) {
            NftRequests.reset(exchange, name);
          } else {
            ids.forEach(id -> NftRequests.reset(exchange, name, StoredRule.counter(id)));
          }
          return true;
        });
  }

  /** Creates the firewall in the given state, unless it exists. */
  public void create(FirewallModel initial) {
    change("load", model -> model, () -> initial);
  }

  /**
   * Changes the firewall on trial: the helper restores the present state unless the change is
   * confirmed.
   */
  public TrialDriver changeOnTrial(
      String subject, UnaryOperator<FirewallModel> change, Duration limit) {
    DeferredActions.@Nullable Action armed = null;
    try {
      lock.lock();
      try {
        FirewallModel old = beforeTrial(model());
        requireNoTrial(old);
        compiler.apply(withNamedTables(change.apply(old)));
        String text = TrialNote.of(limit);
        armed = arm(old, limit);
        change(subject, model -> change.apply(model).note(TRIAL, text));
        confirmed = null;
        return trial(armed, old, text);
      } finally {
        lock.unlock();
      }
    } catch (RuntimeException e) {
      if (armed != null) {
        Failures.undo(e, armed::cancel); // may wait for a thread that waits for our lock
      }
      throw e;
    }
  }

  private TrialDriver trial(DeferredActions.Action armed, FirewallModel old, String text) {
    return new TrialDriver() {
      private DeferredActions.Action wayBack = armed;

      @Override
      public void confirm() {
        wayBack.confirm(trialOf());
        forgetTrial(text);
      }

      /** If the old state cannot be restored, the helper restores it later. */
      @Override
      public void restore() {
        if (!wayBack.cancel()) {
          return;
        }
        try {
          goBack(old);
        } catch (RuntimeException e) {
          Failures.undo(e, () -> wayBack = arm(old, AGAIN));
          throw e;
        }
      }
    };
  }

  /**
   * Removes the note of a trial that was confirmed, or whose time is up: neither its program nor
   * its helper lives.
   */
  private FirewallModel beforeTrial(FirewallModel model) {
    String text = model.notes().get(TRIAL);
    boolean over = text != null && (text.equals(confirmed) || TrialNote.isPast(text));
    return over ? model.note(TRIAL, "") : model;
  }

  /** Throws {@link Trial.InProgressException} if rules are on trial. */
  public void requireNoTrial() {
    requireNoTrial(beforeTrial(model()));
  }

  private void requireNoTrial(FirewallModel model) {
    String trial = model.notes().get(TRIAL);
    if (trial != null) {
      throw new Trial.InProgressException(trialOf(), trial);
    }
  }

  /** Returns the firewall and its stack, as errors name them. */
  private String trialOf() {
    return name + " in " + stack.name();
  }

  /** If the note of a confirmed trial stays, the next change removes it. */
  private void forgetTrial(String text) {
    try {
      change("confirm", model -> model.note(TRIAL, ""), fresh, true);
    } catch (VnetException e) {
      confirmed = text;
      LOG.warn("{} is confirmed, but still noted as on trial: {}", trialOf(), e.toString());
    }
  }

  private DeferredActions.Action arm(FirewallModel old, Duration limit) {
    try (NetlinkSocket socket = stack.anotherNetfilter()) {
      byte[] wayBack = wayBack(old).message();
      return stack
          .deferredActions()
          .arm(limit, new Helper.Deferred.Send(socket.descriptor(), wayBack), () -> goBack(old));
    }
  }

  private void goBack(FirewallModel old) {
    ask(
        exchange -> {
          NftBatch batch = wayBack(old);
          KernelError error = batch.commit(exchange, name + " restore");
          if (error != null) {
            throw refused(error, batch);
          }
          return true;
        });
  }

  /** Encodes the deletion and the new creation of the whole firewall, for any generation. */
  private NftBatch wayBack(FirewallModel old) {
    NftBatch batch = new NftBatch(name);
    batch.newTable(comment, false);
    batch.deleteTable();
    if (old.there()) {
      FirewallModel nothing = FirewallModel.fresh(true, old.last().rule());
      Known absent = new Known(nothing, new NftProgram(), null);
      difference(absent, old, compiler.apply(old), batch);
      stamp(absent, old, batch);
    }
    return batch;
  }

  /**
   * Changes the firewall atomically. The function may be called several times.
   *
   * @throws Trial.InProgressException if rules of it are on trial
   */
  public void change(String subject, UnaryOperator<FirewallModel> change) {
    change(subject, change, fresh);
  }

  /**
   * Changes the firewall atomically.
   *
   * @param absent its state if the stack has no such table yet
   * @throws Trial.InProgressException if rules of it are on trial
   */
  public void change(
      String subject, UnaryOperator<FirewallModel> change, Supplier<FirewallModel> absent) {
    change(subject, change, absent, false);
  }

  private void change(
      String subject,
      UnaryOperator<FirewallModel> change,
      Supplier<FirewallModel> absent,
      boolean endsTrial) {
    ask(
        exchange -> {
          for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            Known old = current(exchange, absent);
            FirewallModel before = beforeTrial(old.model());
            FirewallModel model = withNamedTables(change.apply(before)).made();
            NftProgram program = compiler.apply(model);
            NftBatch batch = new NftBatch(name);
            Set<Integer> forgotten = difference(old, model, program, batch);
            if (batch.isEmpty()) {
              if (Objects.equals(old.stamp(), stamp(exchange))) {
                return true; // nothing to change
              }
              continue;
            }
            if (!endsTrial) {
              requireNoTrial(before);
            }
            String stamp = stamp(old, model, batch);
            NftRequests.forget(exchange, name, batch, forgotten);
            if (program.answers() && !old.program().answers()) {
              stack.reflectMarks();
            }
            KernelError error;
            try {
              error = batch.commit(exchange, name + " " + subject);
            } catch (NetlinkSocket.LostException e) {
              if (stamp.equals(stamp(exchange))) {
                known = new Known(model, program, stamp);
                return true;
              }
              throw e;
            }
            if (error == null) {
              known = new Known(model, program, stamp);
              return true;
            }
            boolean changed = !Objects.equals(old.stamp(), stamp(exchange));
            boolean expired = error.isErrno(ENOENT) && !forgotten.isEmpty();
            if (!changed && !expired) {
              throw refused(error, batch);
            }
          }
          throw changing("changed (" + subject + ")");
        });
  }

  /** Replaces the stamp. It has the number of our counters too, so that none is missed. */
  private static String stamp(Known old, FirewallModel model, NftBatch batch) {
    String stamp = "%d %016x".formatted(counters(model), ThreadLocalRandom.current().nextLong());
    if (old.stamp() != null) {
      batch.deleteCounter(turn(old.stamp()));
      batch.deleteCounter(STAMP);
    }
    batch.counter(turn(stamp), null);
    batch.counter(STAMP, stamp);
    return stamp;
  }

  /** Returns the name of the counter that a change of the stamped state deletes. */
  private static String turn(String stamp) {
    return STAMP + "." + stamp.substring(stamp.indexOf(' ') + 1);
  }

  /** Returns the number of counters of a firewall: one for each rule, and those with texts. */
  private static int counters(FirewallModel model) {
    int counters = 1 + model.entries().size() + model.tables().size();
    counters += NftUserData.pieces(model.last().text()).size();
    for (StoredRule entry : model.entries()) {
      counters += NftUserData.pieces(entry.text()).size();
    }
    for (String note : model.notes().values()) {
      counters += NftUserData.pieces(note).size();
    }
    return counters;
  }

  /** Adds the tables that rules name, empty, as ipfw(8) does. */
  private static FirewallModel withNamedTables(FirewallModel model) {
    return model.tables(NftAddresses.named(model));
  }

  private static RuntimeException refused(KernelError error, NftBatch batch) {
    if (error.isErrno(ELOOP, EMLINK)) {
      return new IllegalArgumentException(
          "these rules lead in a circle, or by more than five skiptos one behind the other: "
              + error);
    }
    if (batch.missing() != null) {
      return new Vnet.UnsupportedException(error, batch.missing());
    }
    return new NetlinkSocket.NetlinkError(error);
  }

  /** Encodes the difference; returns the ids of deleted rules; their states must be deleted too. */
  private Set<Integer> difference(
      Known old, FirewallModel model, NftProgram program, NftBatch batch) {
    Map<String, String> before = texts(old.model(), unlike(old.model(), model));
    Map<String, String> after = texts(model, unlike(model, old.model()));
    if (!old.model().there() || old.model().enabled() != model.enabled()) {
      batch.newTable(comment, !model.enabled());
    }
    before.forEach(
        (key, text) -> {
          if (!text.equals(after.get(key))) {
            names(key, text).keySet().forEach(batch::deleteCounter);
          }
        });
    after.forEach(
        (key, text) -> {
          if (!text.equals(before.get(key))) {
            names(key, text).forEach(batch::counter);
          }
        });
    Set<Integer> oldIds = ids(old.model());
    Set<Integer> newIds = ids(model);
    newIds.stream()
        .filter(id -> !oldIds.contains(id))
        .forEach(id -> batch.counter(StoredRule.counter(id), null));
    program.difference(old.program(), batch);
    Set<Integer> gone = new HashSet<>();
    for (int id : oldIds) {
      if (!newIds.contains(id)) {
        batch.deleteCounter(StoredRule.counter(id));
        gone.add(id);
      }
    }
    boolean remembers = old.program().hasSet(NftStates.map(4)) && program.hasSet(NftStates.map(4));
    return remembers ? gone : Set.of();
  }

  private static Set<Integer> ids(FirewallModel model) {
    Set<Integer> ids = new HashSet<>();
    if (model.there()) {
      ids.add(0);
      model.entries().forEach(entry -> ids.add(entry.id()));
    }
    return ids;
  }

  /** Returns the rules of a model that another one has not. */
  private static List<StoredRule> unlike(FirewallModel model, FirewallModel other) {
    Map<Integer, StoredRule> others = new HashMap<>();
    if (other.there()) {
      other.entries().forEach(entry -> others.put(entry.id(), entry));
    }
    return model.entries().stream().filter(entry -> others.get(entry.id()) != entry).toList();
  }

  /** Returns all stored texts by name. */
  private static Map<String, String> texts(FirewallModel model) {
    return texts(model, model.entries());
  }

  /** Returns the stored texts by name, of the given rules only. */
  private static Map<String, String> texts(FirewallModel model, List<StoredRule> entries) {
    Map<String, String> texts = new TreeMap<>();
    if (model.there()) {
      texts.put(TEXT + 0, model.last().text());
      entries.forEach(entry -> texts.put(TEXT + entry.id(), entry.text()));
      model.notes().forEach((key, text) -> texts.put(NOTE + key, text));
      model.tables().keySet().forEach(table -> texts.put(ADDRESSES + table, "table"));
    }
    return texts;
  }

  /** Returns the names of the counters that store a text, with the parts of the text. */
  private static Map<String, String> names(String key, String text) {
    Map<String, String> names = new TreeMap<>();
    List<String> pieces = NftUserData.pieces(text);
    for (int i = 0; i < pieces.size(); i++) {
      names.put(i == 0 ? key : key + "/" + i, pieces.get(i));
    }
    return names;
  }

  private Known current(NetlinkSocket.Exchange exchange) {
    return current(exchange, fresh);
  }

  private Known current(NetlinkSocket.Exchange exchange, Supplier<FirewallModel> absent) {
    for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      String stamp = stamp(exchange);
      Known now = known;
      if (now != null && stamp != null && stamp.equals(now.stamp())) {
        return now;
      }
      if (stamp == null && NftRequests.tableFlags(exchange, name) == null) {
        known = null;
        return new Known(absent.get(), new NftProgram(), null);
      }
      FirewallModel model = read(exchange, stamp);
      if (model != null && Objects.equals(stamp, stamp(exchange))) {
        known = new Known(model, compiler.apply(model), stamp);
        return known;
      }
    }
    throw changing("read");
  }

  private @Nullable String stamp(NetlinkSocket.Exchange exchange) {
    return NftRequests.comment(exchange, name, STAMP);
  }

  /**
   * Reads the table; returns null if it, or the list of its counters, changed meanwhile.
   *
   * @param stamp its stamp; null if somebody deleted it: then the next change makes one
   */
  private @Nullable FirewallModel read(NetlinkSocket.Exchange exchange, @Nullable String stamp) {
    Integer flags = NftRequests.tableFlags(exchange, name);
    if (flags == null) {
      return null;
    }
    Map<String, NftRequests.Counter> ours = new HashMap<>();
    for (NftRequests.Counter counter : NftRequests.counters(exchange, name)) {
      if (KEPT.matcher(counter.name()).matches() || COUNTS.matcher(counter.name()).matches()) {
        ours.put(counter.name(), counter);
      }
    }
    if (stamp != null && !stamp.startsWith(ours.size() + " ")) {
      return null;
    }
    try {
      return model(
          flags,
          List.copyOf(ours.values()),
          table -> NftRequests.addresses(exchange, name, table),
          known == null ? List.of() : known.model().entries());
    } catch (IllegalArgumentException e) {
      throw new VnetException(
          "table inet %s of %s is damaged (%s): delete it with nft(8)"
              .formatted(name, stack.name(), e.getMessage()),
          e);
    }
  }

  /**
   * Decodes the content of a table; skips objects of other programs.
   *
   * @throws IllegalArgumentException if the table is damaged
   */
  public static FirewallModel model(
      int flags, List<NftRequests.Counter> counters, Function<String, List<Cidr>> addresses) {
    return model(flags, counters, addresses, List.of());
  }

  /** Decodes the content of a table; takes over the rules that were known and did not change. */
  private static FirewallModel model(
      int flags,
      List<NftRequests.Counter> counters,
      Function<String, List<Cidr>> addresses,
      List<StoredRule> known) {
    Map<Integer, StoredRule> before = new HashMap<>();
    known.forEach(entry -> before.put(entry.id(), entry));
    Map<String, TreeMap<Integer, String>> pieces = new TreeMap<>();
    for (NftRequests.Counter counter : counters) {
      Matcher kept = KEPT.matcher(counter.name());
      if (kept.matches()) {
        int piece = kept.group(2) == null ? 0 : Integer.parseInt(kept.group(2));
        pieces.computeIfAbsent(kept.group(1), key -> new TreeMap<>()).put(piece, counter.comment());
      }
    }
    List<StoredRule> entries = new ArrayList<>();
    Map<String, String> notes = new TreeMap<>();
    Map<String, List<Cidr>> tables = new TreeMap<>();
    StoredRule last = null;
    int highest = 0;
    for (Map.Entry<String, TreeMap<Integer, String>> text : pieces.entrySet()) {
      String key = text.getKey();
      String whole = String.join("", text.getValue().values());
      if (key.startsWith(NOTE)) {
        notes.put(key.substring(NOTE.length()), whole);
      } else if (key.startsWith(ADDRESSES)) {
        String table = key.substring(ADDRESSES.length());
        tables.put(table, addresses.apply(table));
      } else {
        int id = Integer.parseInt(key.substring(TEXT.length()));
        StoredRule there = before.get(id);
        StoredRule entry =
            there != null && there.text().equals(whole) ? there : StoredRule.read(id, whole);
        highest = Math.max(highest, id);
        if (id == 0) {
          last = entry;
        } else {
          entries.add(entry);
        }
      }
    }
    if (last == null) {
      throw new IllegalArgumentException("it has no default rule");
    }
    entries.sort(Comparator.comparingInt(StoredRule::number).thenComparingInt(StoredRule::id));
    boolean enabled = (flags & Nft.NFT_TABLE_F_DORMANT) == 0;
    return new FirewallModel(true, enabled, List.copyOf(entries), last, notes, tables, highest + 1);
  }

  private <T> T ask(Function<NetlinkSocket.Exchange, T> work) {
    lock.lock();
    try {
      return stack.askNetfilter(KernelErrors::of, work);
    } finally {
      lock.unlock();
    }
  }
}
