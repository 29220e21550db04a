package dev.atelier.bootstrap;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The picture of the architecture, as rules. A rule whose classes are gone fails. */
class ArchitectureTest {
  private static final String DOMAIN = "dev.atelier.domain..";
  private static final String APPLICATION = "dev.atelier.application..";
  private static final String HTTP = "dev.atelier.http..";
  private static final String PERSISTENCE = "dev.atelier.persistence..";
  private static final String SKYTELLS = "dev.atelier.skytells..";
  private static final String SANDBOX = "dev.atelier.skytells.sandbox..";
  private static final String BOOTSTRAP = "dev.atelier.bootstrap..";

  private static final JavaClasses ATELIER =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("dev.atelier");

  @Test
  void everyRingIsLookedAt() {
    for (String ring : new String[] {DOMAIN, APPLICATION, HTTP, PERSISTENCE, SKYTELLS, SANDBOX}) {
      String name = ring.substring(0, ring.length() - 2);
      assertThat(ATELIER.stream().filter(type -> type.getPackageName().startsWith(name)))
          .as(ring)
          .hasSizeGreaterThan(1);
    }
  }

  @Test
  void theDomainKnowsOnlyTheJdk() {
    classes()
        .that()
        .resideInAPackage(DOMAIN)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(DOMAIN, "java..", "org.jspecify.annotations")
        .check(ATELIER);
  }

  @Test
  void theApplicationKnowsOnlyTheDomain() {
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
  void adaptersDoNotKnowEachOther() {
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
  void theSandboxAndTheClientDoNotKnowEachOther() {
    noClasses()
        .that()
        .resideInAPackage(SANDBOX)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.atelier.skytells")
        .check(ATELIER);
    noClasses()
        .that()
        .resideInAPackage("dev.atelier.skytells")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(SANDBOX)
        .check(ATELIER);
  }

  @Test
  void onlyBootstrapKnowsGuice() {
    noClasses()
        .that()
        .resideOutsideOfPackage(BOOTSTRAP)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.google.inject..", "jakarta.inject..")
        .check(ATELIER);
  }

  @Test
  void timeIsGivenByAClock() {
    noClasses()
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(ATELIER);
  }

  @Test
  void idsAreGivenFromOutside() {
    noClasses()
        .that()
        .resideInAnyPackage(DOMAIN, APPLICATION, HTTP)
        .should()
        .callMethod(UUID.class, "randomUUID")
        .check(ATELIER);
  }
}
