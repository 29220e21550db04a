package dev.atelier.bootstrap;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The architecture as rules. A rule that matches no class fails. */
class ArchitectureTest {
  private static final String DOMAIN = "dev.atelier.domain..";
  private static final String APPLICATION = "dev.atelier.application..";
  private static final String HTTP = "dev.atelier.http..";
  private static final String PERSISTENCE = "dev.atelier.persistence..";
  private static final String SKYTELLS = "dev.atelier.skytells..";
  private static final String SANDBOX = "dev.atelier.skytells.sandbox..";
  private static final String BOOTSTRAP = "dev.atelier.bootstrap..";

  /** Each package of a module with several, and the packages of that module that it may use. */
  private static final Map<String, List<String>> PACKAGES =
      Map.ofEntries(
          entry("application.port"),
          entry("application.settle", "port"),
          entry("application.store", "port", "settle"),
          entry("application.query", "port"),
          entry("application.upload", "port", "query", "sweep"),
          entry("application.health", "port"),
          entry("application.subscribe", "port", "query"),
          entry("application.generate", "port", "settle", "store", "query"),
          entry("application.webhook", "port", "settle", "store"),
          entry("application.cancel", "port", "settle", "store", "query"),
          entry("application.sweep", "port", "settle", "store", "cancel"),
          entry("http.request"),
          entry("http.auth", "request"),
          entry("http.problem", "request", "auth"),
          entry("http.header", "request", "auth", "problem"),
          entry("http.metrics"),
          entry("http.route", "request", "auth", "problem", "header", "metrics"),
          entry("http.page", "request", "auth", "header", "route"),
          entry("http.server", "request", "auth", "problem", "header", "metrics", "route", "page"),
          entry("persistence.blob"),
          entry("persistence.blob.file", "blob"),
          entry("persistence.blob.gcs", "blob"),
          entry("persistence.postgres", "blob"),
          entry("skytells.json"),
          entry("skytells.model", "json", "output"),
          entry("skytells.output"),
          entry("skytells.client", "json", "model", "output"),
          entry("skytells.webhook", "json", "client"),
          entry("skytells.sandbox.http"),
          entry("skytells.sandbox.picture"),
          entry("skytells.sandbox.input"),
          entry("skytells.sandbox.sound"),
          entry("skytells.sandbox.video"),
          entry("skytells.sandbox.fault", "sandbox.http"),
          entry("skytells.sandbox.catalog", "sandbox.http"),
          entry(
              "skytells.sandbox.api",
              "sandbox.http",
              "sandbox.fault",
              "sandbox.catalog",
              "sandbox.input",
              "sandbox.picture",
              "sandbox.sound",
              "sandbox.video"),
          entry(
              "skytells.sandbox",
              "sandbox.http",
              "sandbox.fault",
              "sandbox.catalog",
              "sandbox.input",
              "sandbox.api"));

  private static Map.Entry<String, List<String>> entry(String name, String... allowed) {
    return Map.entry(name, List.of(allowed));
  }

  private static final JavaClasses ATELIER =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("dev.atelier");

  @Test
  void everyRingHasClasses() {
    for (String ring : new String[] {DOMAIN, APPLICATION, HTTP, PERSISTENCE, SKYTELLS, SANDBOX}) {
      String name = ring.substring(0, ring.length() - 2);
      assertThat(ATELIER.stream().filter(type -> type.getPackageName().startsWith(name)))
          .as(ring)
          .hasSizeGreaterThan(1);
    }
  }

  @Test
  void theDomainUsesOnlyTheJdk() {
    classes()
        .that()
        .resideInAPackage(DOMAIN)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(DOMAIN, "java..", "org.jspecify.annotations")
        .check(ATELIER);
  }

  @Test
  void theApplicationUsesOnlyTheDomain() {
    classes()
        .that()
        .resideInAPackage(APPLICATION)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(APPLICATION, DOMAIN, "java..", "org.slf4j", "org.jspecify.annotations")
        .andShould()
        .notBeAnnotatedWith("com.google.inject.Singleton")
        .check(ATELIER);
    noClasses()
        .that()
        .resideInAnyPackage(DOMAIN, APPLICATION)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "java.net.http..", "javax..")
        .check(ATELIER);
  }

  @Test
  void adaptersDoNotUseEachOther() {
    noClasses()
        .that()
        .resideInAPackage(HTTP)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(PERSISTENCE, SKYTELLS, BOOTSTRAP)
        .check(ATELIER);
    noClasses()
        .that()
        .resideInAPackage(PERSISTENCE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(HTTP, SKYTELLS, BOOTSTRAP)
        .check(ATELIER);
    noClasses()
        .that()
        .resideInAPackage(SKYTELLS)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(HTTP, PERSISTENCE, BOOTSTRAP)
        .check(ATELIER);
  }

  @Test
  void theSandboxSharesNoCodeWithTheClient() {
    noClasses()
        .that()
        .resideInAPackage(SANDBOX)
        .should()
        .dependOnClassesThat(resideInAPackage(SKYTELLS).and(not(resideInAPackage(SANDBOX))))
        .check(ATELIER);
  }

  @Test
  void onlyBootstrapUsesTheSandbox() {
    noClasses()
        .that()
        .resideOutsideOfPackages(SANDBOX, BOOTSTRAP)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(SANDBOX)
        .check(ATELIER);
  }

  @Test
  void packagesFormNoCycles() {
    slices().matching("dev.atelier.(**)").should().beFreeOfCycles().check(ATELIER);
  }

  static Set<String> packages() {
    return PACKAGES.keySet();
  }

  @Test
  void everyPackageHasItsRule() {
    assertThat(
            ATELIER.stream()
                .map(JavaClass::getPackageName)
                .map(name -> name.substring("dev.atelier.".length()))
                .filter(name -> name.contains("."))
                .collect(Collectors.toSet()))
        .isEqualTo(PACKAGES.keySet());
  }

  @ParameterizedTest
  @MethodSource("packages")
  void packagesPointInOneDirection(String name) {
    String module = "dev.atelier." + name.substring(0, name.indexOf('.'));
    String[] packages =
        Stream.concat(
                Stream.of("dev.atelier." + name),
                PACKAGES.getOrDefault(name, List.of()).stream().map(other -> module + "." + other))
            .toArray(String[]::new);

    noClasses()
        .that()
        .resideInAPackage("dev.atelier." + name)
        .should()
        .dependOnClassesThat(resideInAPackage(module + "..").and(not(resideInAnyPackage(packages))))
        .check(ATELIER);
  }

  @Test
  void onlyBootstrapUsesGuice() {
    noClasses()
        .that()
        .resideOutsideOfPackage(BOOTSTRAP)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.google.inject..", "jakarta.inject..")
        .check(ATELIER);
  }

  @Test
  void timeComesFromAClock() {
    noClasses()
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(ATELIER);
  }

  @Test
  void idsComeFromOutside() {
    noClasses()
        .that()
        .resideInAnyPackage(DOMAIN, APPLICATION, HTTP)
        .should()
        .callMethod(UUID.class, "randomUUID")
        .check(ATELIER);
  }
}
