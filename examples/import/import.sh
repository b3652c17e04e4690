#!/usr/bin/env bash
# Imports a folder and says in words how it ended; meant for cron, where nobody watches.
#
#   import.sh FOLDER [albumwright import flags...]
#
# The report of every run is kept in $REPORTS (default ./reports). The exit code is albumwright's own, so that the caller can act on it; 5 means
# that the same command will go on where this one ended, later.
set -u
folder=${1:?usage: import.sh FOLDER [flags...]}
shift
reports=${REPORTS:-reports}
mkdir -p "$reports"
report=$reports/$(date +%Y-%m-%dT%H%M%S).json

"${ALBUMWRIGHT:-albumwright}" import --quiet --report "$report" "$@" "$folder"
code=$?
case $code in
0) echo "all of $folder is in the library" ;;
3) echo "done, but some files failed: $report names them" ;;
4) echo "sign-in needed: see the error above" ;;
5) echo "not finished: the service is busy or unreachable, or the day's requests are used up; try again later" ;;
6) echo "$folder is not there: is the drive mounted?" ;;
11) echo "another import is at work" ;;
*) echo "ended with code $code" ;;
esac
exit $code
