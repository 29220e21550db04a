# Sourced by ./mvnw and ./studio: finds a JDK 25 and exports JAVA_HOME.

atelier_is_jdk_25() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] && grep -q '^JAVA_VERSION="25[."]' "$1/release"
}

atelier_find_jdk_25() {
  if [ -n "${JAVA_HOME:-}" ] && atelier_is_jdk_25 "$JAVA_HOME"; then
    return 0
  fi
  atelier_javac=$(command -v javac 2>/dev/null) || atelier_javac=""
  if [ -n "$atelier_javac" ]; then
    atelier_javac=$(readlink -f "$atelier_javac" 2>/dev/null || printf '%s' "$atelier_javac")
    atelier_home=$(dirname "$(dirname "$atelier_javac")")
    if atelier_is_jdk_25 "$atelier_home"; then
      JAVA_HOME=$atelier_home
      return 0
    fi
  fi
  for atelier_home in \
    /usr/lib/jvm/* \
    /opt/java/* \
    "$HOME"/.sdkman/candidates/java/* \
    "$HOME"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if atelier_is_jdk_25 "$atelier_home"; then
      JAVA_HOME=$atelier_home
      return 0
    fi
  done
  echo "JDK 25 not found. Install one (Debian: a temurin-25-jdk or openjdk-25-jdk package)" >&2
  echo "or set JAVA_HOME to it." >&2
  return 1
}

atelier_find_jdk_25 || exit 1
export JAVA_HOME
