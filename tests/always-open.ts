const allDay = [{ from: '00:00', to: '23:59' }];

/** Settings under `queue`: open at all hours of all days, so that tests do not go by the day on which they run. */
export const alwaysOpen = {
  hours: {
    monday: allDay,
    tuesday: allDay,
    wednesday: allDay,
    thursday: allDay,
    friday: allDay,
    saturday: allDay,
    sunday: allDay,
  },
  closedOnHolidays: false,
  days: [],
};
