-- One database, a schema and a role per service; neither reads the other's. Run it once, as a superuser:
--   INTAKE_PASSWORD=… MEDIATION_PASSWORD=… REPORTING_PASSWORD=… AUDITOR_PASSWORD=… psql -v ON_ERROR_STOP=1 -f deploy/postgres.sql
-- The services make their tables at the first start. All in one process with one --database share one role: make that the
-- owner of all schemas.
\getenv intake_password INTAKE_PASSWORD
\getenv mediation_password MEDIATION_PASSWORD
\getenv reporting_password REPORTING_PASSWORD
\getenv auditor_password AUDITOR_PASSWORD

CREATE ROLE fengqiao_intake LOGIN PASSWORD :'intake_password';
CREATE ROLE fengqiao_mediation LOGIN PASSWORD :'mediation_password';
CREATE ROLE fengqiao_reporting LOGIN PASSWORD :'reporting_password';
-- Reads everything, for `fengqiao verify`; names stay sealed to it, it has no master key.
CREATE ROLE fengqiao_auditor LOGIN PASSWORD :'auditor_password';
ALTER ROLE fengqiao_auditor SET default_transaction_read_only = on;

CREATE DATABASE fengqiao TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE fengqiao FROM PUBLIC;
GRANT CONNECT ON DATABASE fengqiao TO fengqiao_intake, fengqiao_mediation, fengqiao_reporting, fengqiao_auditor;

\connect fengqiao
REVOKE ALL ON SCHEMA public FROM PUBLIC;
CREATE SCHEMA intake AUTHORIZATION fengqiao_intake;
CREATE SCHEMA mediation AUTHORIZATION fengqiao_mediation;
CREATE SCHEMA reporting AUTHORIZATION fengqiao_reporting;
GRANT USAGE ON SCHEMA intake, mediation, reporting TO fengqiao_auditor;
ALTER DEFAULT PRIVILEGES FOR ROLE fengqiao_intake IN SCHEMA intake GRANT SELECT ON TABLES TO fengqiao_auditor;
ALTER DEFAULT PRIVILEGES FOR ROLE fengqiao_mediation IN SCHEMA mediation GRANT SELECT ON TABLES TO fengqiao_auditor;
ALTER DEFAULT PRIVILEGES FOR ROLE fengqiao_reporting IN SCHEMA reporting GRANT SELECT ON TABLES TO fengqiao_auditor;
