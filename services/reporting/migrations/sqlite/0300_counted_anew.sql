-- The images of petitions tell more now (rounds, ratings, transfers, repeats), and there are new measures: everything here is
-- made from the logs, so it is emptied and made again by following them from the beginning. Until they are followed to their
-- ends, reports say that they are not complete.
DELETE FROM fact;

DELETE FROM fact_past;

DELETE FROM roll;

DELETE FROM stuck;

DELETE FROM cursor;
